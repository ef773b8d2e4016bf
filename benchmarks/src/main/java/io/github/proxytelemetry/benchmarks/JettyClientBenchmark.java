package io.github.proxytelemetry.benchmarks;

import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.jetty.JettyTelemetry;
import io.github.proxytelemetry.jetty.TelemetryHttpClient;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.jetty12.client.JettyClientMetrics;
import java.net.URI;
import java.nio.ByteBuffer;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One request of Jetty's client and its response on a connection that stays open, in memory. */
@State(Scope.Thread)
public class JettyClientBenchmark extends Measured implements Response.CompleteListener {
  private static final int TRIALS = 2000;

  /** What observes the client; the README explains each. */
  @Param({"none", "off", "metrics", "jettyClientMetrics"})
  public String mode;

  private final URI uri = URI.create("http://127.0.0.1:8080/users/7?full=1");
  private final ByteBuffer response =
      BufferUtil.toBuffer(
          "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 64\r\n\r\n"
              + "0123456789abcdef".repeat(4));
  private final DirectTransport transport = new DirectTransport();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private HttpClient client;
  private DirectEndPoint connection;
  private @Nullable Result result;
  private @Nullable OwnSdk sdk;

  /** Starts the client, and checks that each request was counted. */
  @Setup
  public void start() throws Exception {
    client = client();
    client.start();
    ask();
    connection = transport.awaitConnection();
    answer();
    for (int i = 0; i < TRIALS; i++) {
      exchange();
    }
    if (sdk != null) {
      Instrumentation.require(
          sdk.count(Recorder.name(Instrument.ATTEMPTS_TOTAL)) == TRIALS + 1, "attempts");
      Instrumentation.require(
          sdk.count(Recorder.name(Instrument.CONNECT_LATENCY_SECONDS)) == 1, "connections");
    } else if (mode.equals("jettyClientMetrics")) {
      Instrumentation.require(
          registry.find("jetty.client.requests").timers().stream().mapToLong(Timer::count).sum()
              == TRIALS + 1,
          "requests");
    }
  }

  /** Stops what {@link #start} started. */
  @TearDown
  public void stop() throws Exception {
    client.stop();
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
  public Object exchange() {
    ask();
    return answer();
  }

  private void ask() {
    client.newRequest(uri).transport(transport).send(this);
  }

  private Response answer() {
    connection.work(response.slice());
    Result answered = result;
    result = null;
    if (answered == null || answered.isFailed()) {
      throw new IllegalStateException("no response");
    }
    return answered.getResponse();
  }

  @Override
  public void onComplete(Result complete) {
    result = complete;
  }

  private HttpClient client() {
    return switch (mode) {
      case "none" -> new HttpClient();
      case "off" -> JettyTelemetry.create(ProxyTelemetry.noop()).install(new TelemetryHttpClient());
      case "metrics" -> {
        sdk = OwnSdk.metricsOnly();
        yield JettyTelemetry.create(sdk.telemetry()).install(new TelemetryHttpClient());
      }
      case "jettyClientMetrics" -> {
        HttpClient observed = new HttpClient();
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
