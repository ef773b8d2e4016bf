package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A client's request body. It notes a client that leaves before anybody can blame the origin. */
final class RequestBody extends FilterInputStream {
  // The JDK's server has no type of its own for this.
  private static final String MALFORMED = "invalid chunk";

  private final HandledExchange exchange;

  RequestBody(InputStream body, HandledExchange exchange) {
    super(body);
    this.exchange = exchange;
  }

  @Override
  public int read() throws IOException {
    try {
      int value = in.read();
      told(value < 0 ? value : 1);
      return value;
    } catch (IOException failure) {
      aborted(failure);
      throw failure;
    }
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    try {
      int count = in.read(target, offset, length);
      told(count);
      return count;
    } catch (IOException failure) {
      aborted(failure);
      throw failure;
    }
  }

  @Override
  public long skip(long count) throws IOException {
    try {
      long skipped = in.skip(count);
      exchange.observation().requestBytes(skipped);
      return skipped;
    } catch (IOException failure) {
      aborted(failure);
      throw failure;
    }
  }

  private void told(int count) {
    if (count < 0) {
      exchange.requestEnd();
    } else if (count > 0) {
      exchange.observation().requestBytes(count);
    }
  }

  private void aborted(IOException failure) {
    String message = failure.getMessage();
    boolean malformed = message != null && message.startsWith(MALFORMED);
    exchange
        .observation()
        .note(
            Side.DOWNSTREAM,
            malformed ? ProxyError.HTTP_REQUEST_ERROR : ProxyError.CLIENT_ABORT,
            failure);
  }
}
