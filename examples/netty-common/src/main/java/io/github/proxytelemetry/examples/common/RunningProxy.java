package io.github.proxytelemetry.examples.common;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.sdk.Delivery;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Function;

/** A proxy and its telemetry, started together and stopped in the right order. */
public final class RunningProxy implements AutoCloseable {
  private static final Duration FLUSH_LIMIT = Duration.ofSeconds(5);

  private final ProxyTelemetrySdk telemetry;
  private final ProxyServer proxy;

  private RunningProxy(ProxyTelemetrySdk telemetry, ProxyServer proxy) {
    this.telemetry = telemetry;
    this.proxy = proxy;
  }

  /**
   * Starts a proxy.
   *
   * @throws IOException if the port for clients is taken; telemetry is closed then
   */
  public static RunningProxy start(
      ProxyTelemetrySdk telemetry, Function<ProxyTelemetry, ProxyServer> proxy)
      throws IOException, InterruptedException {
    RunningProxy running = new RunningProxy(telemetry, proxy.apply(telemetry));
    try {
      running.proxy.awaitStart();
      return running;
    } catch (IOException | InterruptedException e) {
      running.close();
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
  public ProxyTelemetrySdk telemetry() {
    return telemetry;
  }

  @Override
  public void close() {
    stop();
  }

  /** Stops the proxy, then delivers what telemetry there is. */
  public Delivery stop() {
    proxy.close();
    return telemetry.close(FLUSH_LIMIT);
  }
}
