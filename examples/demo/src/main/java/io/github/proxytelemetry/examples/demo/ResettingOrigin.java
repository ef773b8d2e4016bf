package io.github.proxytelemetry.examples.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Origin that resets every connection in place of an answer. */
final class ResettingOrigin implements AutoCloseable {
  private static final int BACKLOG = 50;

  private final ServerSocket listener;

  ResettingOrigin() throws IOException {
    listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::run, "resetting-origin");
    thread.setDaemon(true);
    thread.start();
  }

  String authority() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void run() {
    while (!listener.isClosed()) {
      try (Socket client = listener.accept()) {
        // Once the request is there, so that it was not the connection that failed.
        client.getInputStream().read();
        client.setSoLinger(true, 0);
      } catch (IOException e) {
        if (!listener.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }
}
