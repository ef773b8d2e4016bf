package io.github.proxytelemetry.testbed;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/** Ports for programs that cannot be asked which one they chose. */
public final class FreePort {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private FreePort() {}

  /** A port of the loopback interface on which nothing listens now. */
  public static int next() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /**
   * Waits until nothing listens on a port that a configuration names: another run of the same tests
   * may have it for a while.
   *
   * @throws TestAbortedException if some program keeps it, or {@code AssertionError} where the
   *     environment variable {@code CI} is {@code true}
   */
  public static void await(InetAddress address, int port) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!isFree(address, port)) {
      if (System.nanoTime() > deadline) {
        String message = address.getHostAddress() + " has a listener on port " + port;
        if ("true".equals(System.getenv("CI"))) {
          throw new AssertionError(message);
        }
        throw new TestAbortedException(message);
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private static boolean isFree(InetAddress address, int port) throws IOException {
    try (ServerSocket socket = new ServerSocket(port, 1, address)) {
      return socket.isBound();
    } catch (BindException taken) {
      return false;
    }
  }
}
