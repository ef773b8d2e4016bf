package io.github.proxytelemetry.examples.demo;

import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.console.ConsoleServer;
import io.github.proxytelemetry.console.ConsoleServerBuilder;
import io.github.proxytelemetry.examples.common.Given;
import io.github.proxytelemetry.examples.common.RunningProxy;
import io.github.proxytelemetry.examples.netty.ForwardProxy;
import io.github.proxytelemetry.examples.netty.ProxyOptions;
import io.github.proxytelemetry.otel.Layers;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.github.proxytelemetry.testbed.Scrape;
import io.github.proxytelemetry.testbed.TestOrigin;
import io.github.proxytelemetry.testbed.TlsFixture;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Starts an origin, the forward proxy and a few clients on this machine, shows the proxy's
 * telemetry on a page, and prints its metrics once a second. Runs for the seconds given as argument
 * or as {@code DEMO_SECONDS}, or until Ctrl-C.
 */
public final class Demo {
  static final String BLOCKED = "blocked.test";

  /** Share of traces that is recorded. */
  private static final double RECORDED = 0.25;

  private static final Duration EXPORTS = Duration.ofSeconds(5);
  private static final Duration IDLE_LIMIT = Duration.ofSeconds(10);
  private static final int BAD_OPTION = 2;
  private static final int FAILED = 1;

  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final PrintStream out;

  Demo(PrintStream out) {
    this.out = out;
  }

  /** Runs the demo; the only argument is for how many seconds. */
  public static void main(String[] arguments) throws Exception {
    Demo demo = new Demo(System.out);
    // Ctrl-C stops the traffic first, and is no failure.
    Runtime.getRuntime().addShutdownHook(new Thread(demo::interrupt));
    int code = demo.run(System.getenv(), arguments);
    demo.stopped.countDown();
    if (code != 0) {
      Runtime.getRuntime().halt(code);
    }
  }

  /** Returns the exit code. */
  int run(Map<String, String> environment, String... arguments) throws Exception {
    try {
      long seconds = seconds(environment, arguments);
      InetSocketAddress page =
          Given.of("", environment)
              .read("--console", "127.0.0.1:9465", Given::address, "host:port");
      run(ProxyOptions.parse(environment, "--block", BLOCKED), page, seconds);
      return 0;
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      return BAD_OPTION;
    } catch (IOException | IllegalStateException e) {
      System.err.println(e.getMessage());
      System.err.println("Choose other ports like this:");
      System.err.println(
          "  PROXY_LISTEN=127.0.0.1:8081 PROXY_METRICS=127.0.0.1:9564 PROXY_CONSOLE=127.0.0.1:9565"
              + " ./demo");
      return FAILED;
    }
  }

  /** Ends the traffic, after which {@link #run} returns. */
  void stop() {
    stop.countDown();
  }

  private void interrupt() {
    stop();
    try {
      stopped.await(2 * IDLE_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  private void run(ProxyOptions options, InetSocketAddress page, long seconds) throws Exception {
    TlsFixture tls = TlsFixture.create();
    try (Collector collector = new Collector();
        RunningProxy proxy = ForwardProxy.start(options, telemetry(options, collector));
        TestOrigin origin = TestOrigin.start();
        TestOrigin tlsOrigin = TestOrigin.start(tls);
        ResettingOrigin resetting = new ResettingOrigin()) {
      Traffic traffic = new Traffic(proxy.address(), origin, tlsOrigin, resetting, tls);
      try (ConsoleServer console = console(proxy.telemetry(), page, traffic, collector)) {
        introduce(console, proxy, origin, tlsOrigin, seconds);
        traffic.start();
        watch(proxy.metricsAddress(), seconds);
      } finally {
        traffic.stop();
      }
      finish(traffic, proxy.metricsAddress());
    }
  }

  /** More traces than in production, and all parts of each, as there is little traffic. */
  private static ProxyTelemetrySdk telemetry(ProxyOptions options, Collector collector) {
    return options
        .telemetry()
        .builder()
        .otlp(collector.endpoint(), otlp -> otlp.name("collector").http().interval(EXPORTS))
        .sampling(Sampling.ratio(RECORDED))
        .recording(
            recording ->
                recording.layers(
                    Layers.builder()
                        .traces(Group.PROXY, Group.ROUND_TRIP, Group.DETAILED_CONNECTION)
                        .build()))
        .liveView()
        .build();
  }

  private static ConsoleServer console(
      ProxyTelemetrySdk telemetry, InetSocketAddress page, Traffic traffic, Collector collector) {
    ConsoleServerBuilder console =
        ConsoleServer.builder(telemetry).listen(page.getHostString(), page.getPort());
    for (Fault fault : Fault.values()) {
      console.toggle(
          fault.title(),
          fault.hint(),
          fault == Fault.COLLECTOR_DOWN ? collector::setDown : on -> traffic.set(fault, on));
    }
    return console.start();
  }

  private void introduce(
      ConsoleServer console,
      RunningProxy proxy,
      TestOrigin origin,
      TestOrigin tlsOrigin,
      long seconds) {
    String curl = "curl -i -x http://" + text(proxy.address());
    out.println("page      " + console.url());
    out.println("metrics   http://" + text(proxy.metricsAddress()) + "/metrics");
    out.println("try       " + curl + " http://" + origin.authority() + "/hello");
    out.println("          " + curl + " -k https://" + tlsOrigin.authority() + "/hello");
    out.println(
        seconds < Long.MAX_VALUE ? "stops     after " + seconds + " s" : "stops     with Ctrl-C");
  }

  private void watch(InetSocketAddress metrics, long seconds)
      throws IOException, InterruptedException {
    for (long second = 1; second <= seconds; second++) {
      if (stop.await(1, TimeUnit.SECONDS)) {
        return;
      }
      summarise(second, Scrape.of(metrics));
    }
  }

  private void summarise(long second, Scrape scrape) {
    out.printf(
        Locale.ROOT,
        "%4d s   %6.0f requests   p95 connect %5.2f ms   %4.0f errors   %2.0f connections active%n",
        second,
        scrape.sum("privacy_proxy_requests_total"),
        1000 * scrape.quantile(0.95, "privacy_proxy_connect_latency_seconds"),
        scrape.sum("privacy_proxy_errors_total"),
        scrape.value("privacy_proxy_connections_active"));
  }

  private void finish(Traffic traffic, InetSocketAddress metrics)
      throws IOException, InterruptedException {
    Scrape scrape = Scrape.await(metrics, IDLE_LIMIT, Scrape::isIdle);
    out.printf(
        "clients   sent %d requests, %d meant to fail, %d failed otherwise%n",
        traffic.requests(), traffic.errors(), traffic.failures());
    out.printf(
        Locale.ROOT,
        "proxy     counted %.0f requests, %.0f errors, %.0f bytes to and %.0f bytes from origins%n",
        scrape.sum("privacy_proxy_requests_total"),
        scrape.sum("privacy_proxy_errors_total"),
        scrape.value("privacy_proxy_bytes_sent_total"),
        scrape.value("privacy_proxy_bytes_received_total"));
    out.println("active    0 connections, 0 requests, 0 tunnels");
  }

  private static long seconds(Map<String, String> environment, String... arguments) {
    String key = arguments.length > 0 ? "seconds" : "DEMO_SECONDS";
    String value = arguments.length > 0 ? arguments[0] : environment.get(key);
    if (value == null) {
      return Long.MAX_VALUE;
    }
    if (arguments.length > 1 || !value.matches("[1-9][0-9]{0,5}")) {
      throw new IllegalArgumentException(
          key
              + ": invalid value \""
              + (arguments.length > 1 ? String.join(" ", arguments) : value)
              + "\"; expected one number from 1 to 999999");
    }
    return Long.parseLong(value);
  }

  private static String text(InetSocketAddress address) {
    return address.getHostString() + ':' + address.getPort();
  }
}
