package io.github.proxytelemetry.application;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.sdk.Delivery;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdkBuilder;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;

/** Proxy with one request. Arguments: two OTLP endpoints, and optionally {@code jvm}. */
final class Application {
  private Application() {}

  public static void main(String[] arguments) throws IOException {
    ProxyTelemetrySdkBuilder builder =
        ProxyTelemetrySdk.builder("application")
            .otlp(arguments[0], otlp -> otlp.http().gzip())
            .otlp(arguments[1])
            .prometheus(
                "127.0.0.1",
                0,
                options -> options.processMetrics(true).jvmMetrics(arguments.length > 2))
            // The last is a service, of a module that nobody requires.
            .propagators("tracecontext", "b3", "xray")
            .sampling(Sampling.always());
    ProxyTelemetrySdk telemetry = builder.build();
    ExchangeObservation exchange = telemetry.startExchange(() -> "GET");
    exchange.responseStarted(200);
    exchange.end();
    PrintStream out = System.out;
    out.println(telemetry.prometheusAddress("prometheus").getPort());
    out.flush();
    // The test ends it.
    int end = System.in.read();
    Delivery delivery = telemetry.close(Duration.ofSeconds(60));
    out.println(end + " " + delivery.status() + " " + delivery.lost());
  }
}
