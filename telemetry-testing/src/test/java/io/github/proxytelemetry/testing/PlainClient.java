package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.DownstreamObservation;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** A client's connection: tells its bytes, and tells its own failures from those of the origin. */
final class PlainClient {
  /** The client is gone. */
  static final class Gone extends IOException {
    private static final long serialVersionUID = 1;

    Gone(IOException cause) {
      super(cause);
    }
  }

  final Socket socket;
  final InputStream in;
  final OutputStream out;

  PlainClient(Socket socket, DownstreamObservation told) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(new In(socket.getInputStream(), told));
    this.out = new Out(socket.getOutputStream(), told);
  }

  private static final class In extends FilterInputStream {
    private final DownstreamObservation told;

    In(InputStream in, DownstreamObservation told) {
      super(in);
      this.told = told;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        int read = super.read(bytes, offset, length);
        if (read > 0) {
          // In a tunnel one thread reads while another one writes.
          synchronized (told) {
            told.bytesRead(read);
          }
        }
        return read;
      } catch (IOException failure) {
        throw new Gone(failure);
      }
    }
  }

  private static final class Out extends FilterOutputStream {
    private final DownstreamObservation told;

    Out(OutputStream out, DownstreamObservation told) {
      super(out);
      this.told = told;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (IOException failure) {
        throw new Gone(failure);
      }
      synchronized (told) {
        told.bytesWritten(length);
      }
    }
  }
}
