package io.github.proxytelemetry.sdk.export;

import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.github.proxytelemetry.sdk.Scraping;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Process whose clients connect to its Prometheus listener, and send nothing. */
final class SilentScrapers {
  private static final int MORE = 5;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private SilentScrapers() {}

  /**
   * Prints how many of the connections beyond the limit were closed, and whether a scrape works.
   */
  public static void main(String[] args) throws Exception {
    int limit = Integer.getInteger("jdk.httpserver.maxConnections", 0);
    List<Socket> silent = new ArrayList<>();
    try (ProxyTelemetrySdk sdk =
        ProxyTelemetrySdk.builder("t").prometheus("127.0.0.1", 0).build()) {
      InetSocketAddress address = sdk.prometheusAddress("prometheus");
      int closed = 0;
      for (int i = 0; i < limit + MORE; i++) {
        silent.add(new Socket(address.getAddress(), address.getPort()));
        closed += i >= limit && isClosed(silent.get(i)) ? 1 : 0;
      }
      silent.get(0).close();
      System.out.println(closed + " closed, " + scrape(address));
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  private static boolean isClosed(Socket socket) throws IOException {
    socket.setSoTimeout((int) LIMIT.toMillis());
    try {
      return socket.getInputStream().read() == -1;
    } catch (IOException reset) {
      return true;
    }
  }

  /** The place of a connection that was closed is free a little later. */
  private static String scrape(InetSocketAddress address) throws InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        return "then " + Scraping.send(address, "Accept", "text/plain").statusCode();
      } catch (IOException refused) {
        // Not yet.
      }
    }
    return "then nothing";
  }
}
