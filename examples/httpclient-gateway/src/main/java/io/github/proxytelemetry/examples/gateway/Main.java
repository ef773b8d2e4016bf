package io.github.proxytelemetry.examples.gateway;

import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.otel.Layers;
import io.github.proxytelemetry.otel.OtelProxyTelemetry;
import io.github.proxytelemetry.otel.OtelProxyTelemetryBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;

/** Runs the gateway until it is told to stop. */
public final class Main {
  private static final Duration FLUSH_LIMIT = Duration.ofSeconds(5);

  /**
   * Takes the ports to listen on and to be scraped on, the URLs of the two origins, and the URL of
   * a collector for traces (OTLP over HTTP), if there is one.
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 4 || arguments.length > 5) {
      System.err.println("arguments: port metrics-port users-url orders-url [otlp-url]");
      System.exit(2);
    }
    OtelProxyTelemetryBuilder builder = telemetry(Integer.parseInt(arguments[1]));
    if (arguments.length == 5) {
      builder.otlp(arguments[4], otlp -> otlp.http());
    }
    OtelProxyTelemetry telemetry = builder.build();
    Gateway gateway =
        new Gateway(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])),
            URI.create(arguments[2]),
            URI.create(arguments[3]),
            telemetry);
    // SIGTERM and Ctrl-C end here.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(gateway, telemetry)));
    System.out.println("gateway on 127.0.0.1:" + gateway.address().getPort());
    System.out.println(
        "metrics on http://127.0.0.1:"
            + telemetry.prometheusAddress("prometheus").getPort()
            + "/metrics");
  }

  /** How telemetry is set up, here and in the tests. */
  static OtelProxyTelemetryBuilder telemetry(int metricsPort) {
    return OtelProxyTelemetry.builder("gateway")
        .prometheus("127.0.0.1", metricsPort)
        .sampling(Sampling.always())
        .layers(Layers.all());
  }

  private static void stop(Gateway gateway, OtelProxyTelemetry telemetry) {
    gateway.close();
    System.out.println("stopped, telemetry: " + telemetry.close(FLUSH_LIMIT));
  }

  private Main() {}
}
