package io.github.proxytelemetry.examples.gateway;

import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.otel.Layers;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdkBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;

/** Command that runs the gateway until SIGTERM or Ctrl-C. */
public final class Main {
  private static final Duration FLUSH_LIMIT = Duration.ofSeconds(5);

  /**
   * Arguments: the port to listen on, the port for Prometheus, the URLs of the two origins, and
   * optionally the URL of a collector for traces (OTLP over HTTP).
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 4 || arguments.length > 5) {
      System.err.println("arguments: port metrics-port users-url orders-url [otlp-url]");
      System.exit(2);
    }
    ProxyTelemetrySdkBuilder builder = telemetry(Integer.parseInt(arguments[1]));
    if (arguments.length == 5) {
      builder.otlp(arguments[4], otlp -> otlp.http());
    }
    ProxyTelemetrySdk telemetry = builder.build();
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

  /** Builder of the telemetry, here and in the tests. */
  static ProxyTelemetrySdkBuilder telemetry(int metricsPort) {
    return ProxyTelemetrySdk.builder("gateway")
        .prometheus("127.0.0.1", metricsPort)
        .sampling(Sampling.always())
        .recording(recording -> recording.layers(Layers.all()));
  }

  private static void stop(Gateway gateway, ProxyTelemetrySdk telemetry) {
    gateway.close();
    System.out.println("stopped, telemetry: " + telemetry.close(FLUSH_LIMIT));
  }

  private Main() {}
}
