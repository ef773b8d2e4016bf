package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.ProxyError;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Input stream that counts a request body. A failed read is noted as the client's error at once,
 * before the upstream request fails because of it.
 */
final class RequestBodyStream extends FilterInputStream {
  // The JDK's server throws a plain IOException for a malformed chunk.
  private static final String MALFORMED = "invalid chunk";

  private final ManualExchange exchange;

  RequestBodyStream(InputStream body, ManualExchange exchange) {
    super(body);
    this.exchange = exchange;
  }

  @Override
  public int read() throws IOException {
    try {
      int value = in.read();
      count(value < 0 ? value : 1);
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
      count(count);
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
      exchange.requestBytes(skipped);
      return skipped;
    } catch (IOException failure) {
      aborted(failure);
      throw failure;
    }
  }

  private void count(int count) {
    if (count < 0) {
      exchange.requestEnd();
    } else if (count > 0) {
      exchange.requestBytes(count);
    }
  }

  private void aborted(IOException failure) {
    String message = failure.getMessage();
    boolean malformed = message != null && message.startsWith(MALFORMED);
    exchange.readFailed(
        malformed ? ProxyError.HTTP_REQUEST_ERROR : ProxyError.CLIENT_ABORT, failure);
  }
}
