package io.github.proxytelemetry.httpclient;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** The body of a response to a client. */
final class ResponseBody extends FilterOutputStream {
  private static final long UNKNOWN = -1;

  private final HandledExchange exchange;
  private long length = UNKNOWN;
  private long written;
  private boolean closed;

  ResponseBody(OutputStream body, HandledExchange exchange) {
    super(body);
    this.exchange = exchange;
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
    told(1);
  }

  @Override
  public void write(byte[] source, int offset, int count) throws IOException {
    try {
      out.write(source, offset, count);
    } catch (IOException failure) {
      failed(failure, count);
      throw failure;
    }
    told(count);
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
    if (closed) {
      out.close();
      return;
    }
    closed = true;
    try {
      out.close();
    } catch (IOException failure) {
      closeFailed(failure);
      throw failure;
    }
    ended();
  }

  /** The server has closed the body by itself. */
  void ended() {
    if (isComplete()) {
      exchange.end();
    } else {
      exchange.failed(new IOException("The response is shorter than was declared"));
    }
  }

  private void told(int count) {
    if (count > 0) {
      written += count;
      exchange.observation().responseBytes(count);
    }
  }

  /** What does not fit into the declared length is the handler's fault; all else the client's. */
  private void failed(IOException failure, int count) {
    if (length != UNKNOWN && written + count > length) {
      exchange.failed(failure);
    } else {
      exchange.aborted(failure);
    }
  }

  private void closeFailed(IOException failure) {
    if (isComplete()) {
      exchange.aborted(failure);
    } else {
      exchange.failed(failure);
    }
  }

  private boolean isComplete() {
    return length == UNKNOWN || written == length;
  }
}
