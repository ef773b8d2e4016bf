package io.github.proxytelemetry.console;

import com.sun.net.httpserver.HttpServer;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * HTTP server of one page that shows a proxy's telemetry live: where the time of requests goes,
 * errors by the side that caused them, the last recorded exchanges, and the state of the exporters.
 *
 * <p>It reads what the telemetry has recorded anyway, once a second, on a thread of its own.
 * Thread-safe.
 */
public final class ConsoleServer implements AutoCloseable {
  /** Requests at once; others wait. Those who watch hold no thread. */
  private static final int THREADS = 8;

  /** From the first byte of a request to the last of its answer. */
  private static final long REQUEST_SECONDS = 10;

  /** Of one event, to a page that does not read it. */
  private static final long WRITE_SECONDS = 5;

  private final HttpServer server;
  private final DeadlineThreads threads;
  private final Watchers watchers;
  private final Ticker ticker;

  /**
   * Starts a console on {@code 127.0.0.1}, for browsers of this machine.
   *
   * @param telemetry the telemetry to show, built with {@code liveView()}
   * @param port the port, 0 for one that the system chooses
   * @return the running console, which the host closes before the telemetry
   * @throws IllegalArgumentException if the telemetry keeps no live view, or the port is none
   * @throws IllegalStateException if the port cannot be opened
   */
  public static ConsoleServer start(ProxyTelemetrySdk telemetry, int port) {
    return builder(telemetry).listen("127.0.0.1", port).start();
  }

  /**
   * Creates a builder.
   *
   * @param telemetry the telemetry to show, built with {@code liveView()}; one that is off has an
   *     empty page
   * @return a builder
   * @throws IllegalArgumentException if the telemetry is on and keeps no live view
   */
  public static ConsoleServerBuilder builder(ProxyTelemetrySdk telemetry) {
    return new ConsoleServerBuilder(Objects.requireNonNull(telemetry, "telemetry"));
  }

  static ConsoleServer open(
      ProxyTelemetrySdk telemetry, InetSocketAddress address, Gate gate, Toggles toggles)
      throws IOException {
    HttpServer server = HttpServer.create(address, 0);
    return new ConsoleServer(server, new State(telemetry, toggles), gate, toggles);
  }

  private ConsoleServer(HttpServer server, State state, Gate gate, Toggles toggles) {
    this.server = server;
    this.threads = new DeadlineThreads("proxy-telemetry-console", THREADS, REQUEST_SECONDS);
    this.watchers = new Watchers(state, WRITE_SECONDS);
    this.ticker = new Ticker(state, watchers);
    server.createContext("/", new Requests(gate, watchers, toggles));
    server.setExecutor(threads);
    ticker.start();
    server.start();
  }

  /**
   * The address that the console listens on.
   *
   * @return the address, with the port that the system chose
   */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /**
   * The page, for a line in the host's output.
   *
   * @return its URL
   */
  public String url() {
    InetSocketAddress address = address();
    String host = address.getAddress().getHostAddress();
    return "http://"
        + (host.indexOf(':') >= 0 ? '[' + host + ']' : host)
        + ':'
        + address.getPort()
        + '/';
  }

  /** Stops listening and ends every page that is open. The telemetry goes on. */
  @Override
  public void close() {
    ticker.close();
    // First, as it closes all connections: ending a stream would wait for a page that reads slowly.
    server.stop(0);
    watchers.close();
    threads.shutdownNow();
  }

  @Override
  public String toString() {
    return "ConsoleServer(" + url() + ")";
  }
}
