package io.github.proxytelemetry.httpclient;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Output stream that counts a response body, and ends the exchange when it is closed. */
final class ResponseBodyStream extends FilterOutputStream {
  private static final long UNKNOWN = -1;

  private final ManualExchange exchange;
  private long length = UNKNOWN;
  private long written;
  private boolean awaitsHead;
  private boolean isClosed;

  ResponseBodyStream(OutputStream body, ManualExchange exchange) {
    super(body);
    this.exchange = exchange;
  }

  /** Whether the server refuses content, because the head has not been sent. */
  void awaitHead(boolean awaits) {
    awaitsHead = awaits;
  }

  void declare(long declared) {
    length = declared;
  }

  @Override
  public void write(int value) throws IOException {
    try {
      out.write(value);
    } catch (IOException failure) {
      failed(failure, 1);
      throw failure;
    }
    count(1);
  }

  @Override
  public void write(byte[] source, int offset, int count) throws IOException {
    try {
      out.write(source, offset, count);
    } catch (IOException failure) {
      failed(failure, count);
      throw failure;
    }
    count(count);
  }

  @Override
  public void flush() throws IOException {
    try {
      out.flush();
    } catch (IOException failure) {
      failed(failure, 0);
      throw failure;
    }
  }

  @Override
  public void close() throws IOException {
    if (isClosed) {
      out.close();
      return;
    }
    isClosed = true;
    try {
      out.close();
    } catch (IOException failure) {
      closeFailed(failure);
      throw failure;
    }
    closed();
  }

  /** The body was closed. */
  void closed() {
    if (isComplete()) {
      exchange.end();
    } else {
      exchange.fail(new IOException("response body is shorter than the declared length"));
    }
  }

  private void count(int count) {
    if (count > 0) {
      written += count;
      exchange.responseBytes(count);
    }
  }

  /**
   * A write before the head or beyond the declared length is the handler's error, any other failure
   * the client's.
   */
  private void failed(IOException failure, int count) {
    if (awaitsHead || (length != UNKNOWN && written + count > length)) {
      exchange.fail(failure);
    } else {
      exchange.abort(failure);
    }
  }

  private void closeFailed(IOException failure) {
    if (isComplete() && !awaitsHead) {
      exchange.abort(failure);
    } else {
      exchange.fail(failure);
    }
  }

  private boolean isComplete() {
    return length == UNKNOWN || written == length;
  }
}
