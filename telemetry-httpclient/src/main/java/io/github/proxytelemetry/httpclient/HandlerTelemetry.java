package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.RequestInfo;
import java.util.Objects;

/**
 * Tells a {@link ProxyTelemetry} what a handler of any server does, exchange by exchange: a
 * servlet, a handler of Helidon, Undertow or Spring. The handler says what happens; see {@link
 * HandledExchange}. Clients' connections are not told.
 *
 * <p>Immutable. Every method returns at once and may be called from any thread.
 */
public final class HandlerTelemetry {
  private final ProxyTelemetry telemetry;
  private final boolean enabled;

  private HandlerTelemetry(ProxyTelemetry telemetry) {
    this.telemetry = telemetry;
    this.enabled = telemetry.isEnabled();
  }

  /**
   * Connects a back end to handlers. One serves a whole process.
   *
   * @param telemetry the back end, which is {@linkplain ProxyTelemetry#guarded guarded} here
   * @return what starts exchanges
   */
  public static HandlerTelemetry create(ProxyTelemetry telemetry) {
    return new HandlerTelemetry(ProxyTelemetry.guarded(telemetry));
  }

  /**
   * A request has come. Call it first in the handler.
   *
   * @param request the request's head, read only during this call
   * @return the exchange, which has to be {@linkplain HandledExchange#end() ended} on every path
   */
  public HandledExchange start(RequestInfo request) {
    Objects.requireNonNull(request, "request");
    return new HandledExchange(telemetry.startExchange(request), enabled);
  }
}
