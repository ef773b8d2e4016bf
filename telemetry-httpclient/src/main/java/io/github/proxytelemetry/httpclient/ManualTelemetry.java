package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.RequestInfo;

/**
 * Telemetry of a server without an adapter, such as a servlet or a handler of Helidon, Undertow or
 * Spring: its handler reports each exchange through a {@link ManualExchange}. Connections of
 * clients are not reported.
 *
 * <p>Immutable. Every method returns at once and may be called from any thread.
 */
public final class ManualTelemetry {
  private static final ExchangeObservation NONE = ProxyTelemetry.noop().startExchange(() -> "");

  private final ProxyTelemetry telemetry;
  private final boolean enabled;

  private ManualTelemetry(ProxyTelemetry telemetry) {
    this.telemetry = telemetry;
    this.enabled = telemetry.isEnabled();
  }

  /**
   * Creates the adapter. One per process is enough.
   *
   * @param telemetry the back end, {@linkplain ProxyTelemetry#guarded guarded} by this method
   * @return the adapter
   */
  public static ManualTelemetry create(ProxyTelemetry telemetry) {
    return new ManualTelemetry(ProxyTelemetry.guarded(telemetry));
  }

  /**
   * Starts the exchange of a request. Call it first in the handler.
   *
   * @param request the head of the request, read only during this call
   * @return the exchange, which has to be ended or failed on every path
   */
  public ManualExchange start(RequestInfo request) {
    // Null at run time is ignored: it must not fail the host's request.
    return request == null
        ? new ManualExchange(NONE, false)
        : new ManualExchange(telemetry.startExchange(request), enabled);
  }
}
