package io.github.proxytelemetry.docs;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.Capture;
import io.github.proxytelemetry.otel.Layers;
import io.github.proxytelemetry.otel.OtelProxyTelemetry;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.opentelemetry.api.OpenTelemetry;
import java.net.SocketAddress;
import java.time.Duration;

/** Samples of the pages about the API and the back ends. */
final class ModelSamples {
  static <C> void report(
      ProxyTelemetry backEnd,
      SocketAddress local,
      SocketAddress peer,
      RequestInfo request,
      RequestInfo sent,
      C requestHeaders,
      C responseHeaders,
      HeaderAccess<C> access) {
    ProxyTelemetry telemetry = ProxyTelemetry.guarded(backEnd);

    DownstreamObservation connection = telemetry.startDownstreamConnection(local, peer);
    ExchangeObservation exchange = connection.startExchange(request);
    AttemptObservation attempt = exchange.startAttempt(Upstream.named("users", "10.0.0.7", 8080));
    attempt.inject(requestHeaders, access); // adds traceparent
    attempt.requestStarted(sent);
    attempt.responseStarted(200);
    attempt.end();
    exchange.responseStarted(200, responseHeaders, access); // adds Server-Timing
    exchange.end();
    connection.end();
  }

  static OtelProxyTelemetry host(OpenTelemetry openTelemetry) {
    OtelProxyTelemetry telemetry =
        OtelProxyTelemetry.builder(openTelemetry)
            .naming(MetricNaming.SEMCONV)
            .layers(Layers.builder().metrics(Group.GLOBAL).traces(Group.PROXY).build())
            .capture(Capture.builder().requestHeaders("X-Tenant").build())
            .build();
    return telemetry;
  }

  /** Source of the bearer tokens in the sample. */
  interface Tokens {
    String current();
  }

  static void live(Tokens tokens) {
    ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("edge-proxy")
            .otlp("https://collector.example:4317", otlp -> otlp.bearerToken(tokens::current))
            .prometheus("127.0.0.1", 9464)
            .sampling(Sampling.ratio(0.01))
            .recording(recording -> recording.naming(MetricNaming.SEMCONV))
            .build();

    // At the end of the proxy, after its last connection:
    if (telemetry.close(Duration.ofSeconds(5)).lost() > 0) {
      System.err.println("some telemetry was lost: " + telemetry.health());
    }
  }

  private ModelSamples() {}
}
