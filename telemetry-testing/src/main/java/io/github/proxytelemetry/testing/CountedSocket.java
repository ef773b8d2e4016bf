package io.github.proxytelemetry.testing;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/** Socket that counts its bytes, below TLS. */
final class CountedSocket extends Socket {
  private static final int BACKLOG = 50;

  private static final int KEPT = 16 * 1024;

  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final AtomicLong read = new AtomicLong();
  private final AtomicLong written = new AtomicLong();
  private volatile boolean cut;

  /** Returns a server socket on a free port, whose accepted sockets are counted ones. */
  static ServerSocket listen(InetAddress address) throws IOException {
    return new ServerSocket(0, BACKLOG, address) {
      @Override
      public Socket accept() throws IOException {
        CountedSocket accepted = new CountedSocket();
        implAccept(accepted);
        return accepted;
      }
    };
  }

  long read() {
    return read.get();
  }

  /** Whether a write failed, so that an unknown part of it was sent. */
  boolean wasCutOff() {
    return cut;
  }

  /** Returns the first bytes read. */
  byte[] firstRead() {
    return kept.toByteArray();
  }

  private void keep(byte[] bytes, int offset, int count) {
    kept.write(bytes, offset, Math.min(count, Math.max(0, KEPT - kept.size())));
  }

  long written() {
    return written.get();
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new FilterInputStream(super.getInputStream()) {
      @Override
      public int read() throws IOException {
        int one = super.read();
        if (one >= 0) {
          read.incrementAndGet();
          keep(new byte[] {(byte) one}, 0, 1);
        }
        return one;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = super.read(bytes, offset, length);
        if (count > 0) {
          read.addAndGet(count);
          keep(bytes, offset, count);
        }
        return count;
      }
    };
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return new FilterOutputStream(super.getOutputStream()) {
      @Override
      public void write(int one) throws IOException {
        out.write(one);
        written.incrementAndGet();
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        cut = true;
        out.write(bytes, offset, length);
        cut = false;
        written.addAndGet(length);
      }
    };
  }
}
