package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.DownstreamObservation;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** Client connection: reports its bytes, and distinguishes its failures from the origin's. */
final class PlainClient {
  /** Failure of the client connection. */
  static final class Gone extends IOException {
    private static final long serialVersionUID = 1;

    Gone(IOException cause) {
      super(cause);
    }
  }

  final Socket socket;
  final InputStream in;
  final OutputStream out;

  PlainClient(Socket socket, DownstreamObservation observation) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(new In(socket.getInputStream(), observation));
    this.out = new Out(socket.getOutputStream(), observation);
  }

  private static final class In extends FilterInputStream {
    private final DownstreamObservation observation;

    In(InputStream in, DownstreamObservation observation) {
      super(in);
      this.observation = observation;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        int read = super.read(bytes, offset, length);
        if (read > 0) {
          // In a tunnel one thread reads while another one writes.
          synchronized (observation) {
            observation.bytesRead(read);
          }
        }
        return read;
      } catch (IOException failure) {
        throw new Gone(failure);
      }
    }
  }

  private static final class Out extends FilterOutputStream {
    private final DownstreamObservation observation;

    Out(OutputStream out, DownstreamObservation observation) {
      super(out);
      this.observation = observation;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (IOException failure) {
        throw new Gone(failure);
      }
      synchronized (observation) {
        observation.bytesWritten(length);
      }
    }
  }
}
