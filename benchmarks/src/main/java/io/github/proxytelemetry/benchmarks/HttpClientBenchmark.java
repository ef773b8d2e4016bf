package io.github.proxytelemetry.benchmarks;

import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.httpclient.HttpClientTelemetry;
import io.github.proxytelemetry.otel.OtelProxyTelemetry;
import io.opentelemetry.instrumentation.javahttpclient.JavaHttpClientTelemetry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One request of the host's own, sent with the JDK's client. */
@State(Scope.Thread)
public class HttpClientBenchmark extends Measured {
  /** Enough that one percent of them is never none. */
  private static final int TRIALS = 5000;

  /** What wraps the client; the README explains each. */
  @Param({"none", "off", "metrics", "unsampled", "peerMetrics", "hostRatio1", "peerRatio1"})
  public String mode;

  private final HttpRequest request =
      HttpRequest.newBuilder(URI.create("http://origin.test:8080/a")).build();
  private HttpClient client;
  private @Nullable Sdk sdk;

  /** Wraps the client, and checks that what it sends arrives at the far end. */
  @Setup
  public void start() throws IOException, InterruptedException {
    HttpClient direct = new DirectClient();
    boolean traces = mode.endsWith("Ratio1");
    client =
        switch (mode) {
          case "none" -> direct;
          case "off" -> ours(ProxyTelemetry.noop(), direct);
          case "metrics" -> ours(own(OwnSdk.metricsOnly()).telemetry(), direct);
          case "unsampled" -> ours(own(OwnSdk.tracing(Sampling.never())).telemetry(), direct);
          case "peerMetrics" -> peer(own(OwnSdk.metricsOnly()), direct);
          case "hostRatio1" ->
              ours(OtelProxyTelemetry.create(own(new HostSdk(0.01)).openTelemetry()), direct);
          case "peerRatio1" -> peer(own(new HostSdk(0.01)), direct);
          default -> throw new IllegalArgumentException("mode: was \"" + mode + '"');
        };
    for (int i = 0; i < TRIALS; i++) {
      Instrumentation.require(send() != null, "no response");
    }
    if (sdk == null) {
      Instrumentation.require(client == direct, "it is not off");
      return;
    }
    String counted =
        mode.startsWith("peer")
            ? "http.client.request.duration"
            : Recorder.name(Instrument.ATTEMPTS_TOTAL);
    Instrumentation.require(sdk.count(counted) == TRIALS, "requests");
    Instrumentation.require(!traces || sdk.hasExportedSpans(), "spans");
  }

  /** Closes what {@link #start} opened. */
  @TearDown
  public void stop() {
    if (sdk != null) {
      sdk.close();
    }
  }

  /**
   * One request and its response.
   *
   * @return the response
   */
  @Benchmark
  public Object send() throws IOException, InterruptedException {
    return client.send(request, BodyHandlers.discarding());
  }

  /** Closed at the end. */
  private <S extends Sdk> S own(S started) {
    sdk = started;
    return started;
  }

  private static HttpClient peer(Sdk sdk, HttpClient direct) {
    return JavaHttpClientTelemetry.create(sdk.openTelemetry()).newHttpClient(direct);
  }

  private static HttpClient ours(ProxyTelemetry telemetry, HttpClient direct) {
    return HttpClientTelemetry.create(telemetry).wrap(direct);
  }
}
