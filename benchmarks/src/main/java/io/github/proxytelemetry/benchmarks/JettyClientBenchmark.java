package io.github.proxytelemetry.benchmarks;

import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.jetty.JettyTelemetry;
import io.github.proxytelemetry.jetty.TelemetryHttpClient;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.jetty12.client.JettyClientMetrics;
import java.net.URI;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpClientTransportDynamic;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One request of Jetty's client on a connection over loopback; the server is part of each row. */
@State(Scope.Thread)
public class JettyClientBenchmark extends Measured {
  private static final int TRIALS = 2000;

  /** What observes the client; the README explains each. */
  @Param({"none", "off", "metrics", "jettyClientMetrics"})
  public String mode;

  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private HttpClient client;
  private URI uri;
  private @Nullable OwnSdk sdk;

  /** Starts both sides, and checks that each request was counted. */
  @Setup
  public void start() throws Exception {
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(new JettyServerBenchmark.Body());
    server.start();
    uri = URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/users/7?full=1");
    client = client();
    client.start();
    for (int i = 0; i < TRIALS; i++) {
      exchange();
    }
    if (sdk != null) {
      Instrumentation.require(
          sdk.count(Ours.name(Instrument.ATTEMPTS_TOTAL)) >= TRIALS - 1, "attempts");
    } else if (mode.equals("jettyClientMetrics")) {
      Instrumentation.require(
          registry.find("jetty.client.requests").timers().stream().mapToLong(Timer::count).sum()
              >= TRIALS - 1,
          "requests");
    }
  }

  /** Stops what {@link #start} started. */
  @TearDown
  public void stop() throws Exception {
    client.stop();
    server.stop();
    if (sdk != null) {
      sdk.close();
    }
  }

  /**
   * One exchange.
   *
   * @return the response
   */
  @Benchmark
  public Object exchange() throws Exception {
    return client.GET(uri);
  }

  private HttpClient client() {
    HttpClientTransportDynamic transport = new HttpClientTransportDynamic(new ClientConnector());
    return switch (mode) {
      case "none" -> new HttpClient(transport);
      case "off" ->
          JettyTelemetry.create(ProxyTelemetry.noop())
              .instrument(new TelemetryHttpClient(transport));
      case "metrics" -> {
        sdk = OwnSdk.metricsOnly();
        yield JettyTelemetry.create(sdk.telemetry()).instrument(new TelemetryHttpClient(transport));
      }
      case "jettyClientMetrics" -> {
        HttpClient observed = new HttpClient(transport);
        observed
            .getRequestListeners()
            .addListener(
                JettyClientMetrics.builder(registry, (request, result) -> "/users/{id}").build());
        yield observed;
      }
      default -> throw new IllegalArgumentException("mode: was \"" + mode + '"');
    };
  }
}
