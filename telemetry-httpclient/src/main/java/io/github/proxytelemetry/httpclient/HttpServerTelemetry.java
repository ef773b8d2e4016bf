package io.github.proxytelemetry.httpclient;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyTelemetry;
import java.util.List;
import java.util.Objects;

/**
 * Telemetry of the JDK's {@link com.sun.net.httpserver.HttpServer}: its requests and responses. The
 * server exposes neither connections, TLS nor the requests that it answers itself (a path without a
 * context, a malformed request, {@code CONNECT}). If telemetry is {@linkplain
 * ProxyTelemetry#isEnabled() off}, nothing is installed.
 *
 * <p>Immutable. Every method returns at once and may be called from any thread.
 */
public final class HttpServerTelemetry {
  private static final ExchangeObservation NONE = ProxyTelemetry.noop().startExchange(() -> "");

  private final ProxyTelemetry telemetry;

  private HttpServerTelemetry(ProxyTelemetry telemetry) {
    this.telemetry = telemetry;
  }

  /**
   * Creates the adapter. One per process is enough.
   *
   * @param telemetry the back end, {@linkplain ProxyTelemetry#guarded guarded} by this method
   * @return the adapter
   */
  public static HttpServerTelemetry create(ProxyTelemetry telemetry) {
    return new HttpServerTelemetry(ProxyTelemetry.guarded(telemetry));
  }

  /**
   * Returns the exchange that a handler was called for.
   *
   * @param exchange the argument of the handler
   * @return its observation; one that ignores every call if it is not observed, or if another
   *     filter has replaced it
   */
  public static ExchangeObservation exchange(HttpExchange exchange) {
    return exchange instanceof Observed observed ? observed.observed().observation() : NONE;
  }

  /**
   * Observes every request of a context: adds a filter before the existing ones. Later calls have
   * no effect.
   *
   * @param context the context
   */
  public void install(HttpContext context) {
    List<Filter> filters = Objects.requireNonNull(context, "context").getFilters();
    if (telemetry.isEnabled() && filters.stream().noneMatch(TelemetryFilter.class::isInstance)) {
      filters.add(0, new TelemetryFilter(telemetry));
    }
  }

  /** Exchange that is passed to a handler in place of the server's. */
  interface Observed {
    ManualExchange observed();
  }
}
