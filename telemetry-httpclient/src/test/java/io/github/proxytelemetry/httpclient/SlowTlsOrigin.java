package io.github.proxytelemetry.httpclient;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Origin for one request that delays its TLS handshake until it is released. */
final class SlowTlsOrigin implements AutoCloseable {
  private final ServerSocket listener;
  private final SSLContext keys;
  private final CountDownLatch released = new CountDownLatch(1);

  private SlowTlsOrigin(ServerSocket listener, SSLContext keys) {
    this.listener = listener;
    this.keys = keys;
  }

  static SlowTlsOrigin start(SSLContext keys) throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    SlowTlsOrigin origin = new SlowTlsOrigin(new ServerSocket(0, 1, loopback), keys);
    Thread thread = new Thread(origin::serve, "slow-tls-origin");
    thread.setDaemon(true);
    thread.start();
    return origin;
  }

  int port() {
    return listener.getLocalPort();
  }

  void release() {
    released.countDown();
  }

  @Override
  public void close() throws IOException {
    release();
    listener.close();
  }

  private void serve() {
    try (Socket plain = listener.accept()) {
      released.await();
      SSLSocket secure =
          (SSLSocket) keys.getSocketFactory().createSocket(plain, "127.0.0.1", port(), true);
      secure.setUseClientMode(false);
      secure
          .getOutputStream()
          .write(
              "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      // Closed by the client or by the test.
      secure.getInputStream().readAllBytes();
    } catch (IOException | InterruptedException end) {
      // The test asserts on the client.
    }
  }
}
