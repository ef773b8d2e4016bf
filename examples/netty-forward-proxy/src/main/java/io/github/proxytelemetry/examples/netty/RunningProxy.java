package io.github.proxytelemetry.examples.netty;

import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.otel.OtelProxyTelemetry;
import io.github.proxytelemetry.otel.OtelProxyTelemetryBuilder;
import io.github.proxytelemetry.otel.sdk.Delivery;
import io.github.proxytelemetry.otel.sdk.OtlpOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/** The proxy and its telemetry, started together and stopped in the right order. */
public final class RunningProxy implements AutoCloseable {
  private static final Duration FLUSH_LIMIT = Duration.ofSeconds(5);

  private final OtelProxyTelemetry telemetry;
  private final ForwardProxy proxy;

  private RunningProxy(OtelProxyTelemetry telemetry, ForwardProxy proxy) {
    this.telemetry = telemetry;
    this.proxy = proxy;
  }

  /**
   * Starts both.
   *
   * @throws IllegalArgumentException if an option makes no sense
   * @throws IOException if the port for clients is taken
   * @throws IllegalStateException if the port for Prometheus is taken
   */
  public static RunningProxy start(ProxyOptions options) throws IOException, InterruptedException {
    OtelProxyTelemetry telemetry = telemetry(options).build();
    ForwardProxy proxy = new ForwardProxy(options, telemetry);
    RunningProxy running = new RunningProxy(telemetry, proxy);
    try {
      proxy.awaitStart();
      return running;
    } catch (IOException | InterruptedException e) {
      running.close(Duration.ZERO);
      throw e;
    }
  }

  /** Where clients come in. */
  public InetSocketAddress address() {
    return proxy.address();
  }

  /** Where Prometheus scrapes. */
  public InetSocketAddress metricsAddress() {
    return telemetry.prometheusAddress("prometheus");
  }

  /** The telemetry behind the proxy. */
  public OtelProxyTelemetry telemetry() {
    return telemetry;
  }

  @Override
  public void close() {
    stop();
  }

  /** Stops the proxy, then delivers what telemetry there is. */
  public Delivery stop() {
    return close(FLUSH_LIMIT);
  }

  private Delivery close(Duration limit) {
    proxy.close();
    return telemetry.close(limit);
  }

  private static OtelProxyTelemetryBuilder telemetry(ProxyOptions options) {
    OtelProxyTelemetryBuilder builder =
        OtelProxyTelemetry.builder(options.serviceName())
            .prometheus(options.metrics().getHostString(), options.metrics().getPort())
            .sampling(Sampling.ratio(options.sampling()));
    if (options.otlp() != null) {
      builder.otlp(options.otlp(), otlp -> transport(otlp, options));
    }
    return builder;
  }

  private static void transport(OtlpOptions otlp, ProxyOptions options) {
    if (options.otlpOverHttp()) {
      otlp.http();
    } else {
      otlp.grpc();
    }
  }
}
