package io.github.proxytelemetry.testbed;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.opentest4j.TestAbortedException;

/**
 * Ports for programs that cannot be asked which one they chose.
 *
 * <p>They are none of those that a kernel hands out by itself, which Linux begins at 32,768 and
 * others at 49,152: an outgoing connection of whatever runs beside the test would take one of those
 * before the program listens.
 */
public final class FreePort {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int FIRST = 10_000;
  private static final int COUNT = 32_768 - FIRST;

  /** Runs beside each other begin at different ports, and none is given twice in a run. */
  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

  private FreePort() {}

  /** A port of the loopback interface on which nothing listens now. */
  public static int next() throws IOException {
    for (int i = 0; i < COUNT; i++) {
      int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
      if (isFree(InetAddress.getLoopbackAddress(), port)) {
        return port;
      }
    }
    throw new IOException("no port from " + FIRST + " to " + (FIRST + COUNT - 1) + " is free");
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
