package io.github.proxytelemetry.httpclient;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyTelemetry;
import java.util.List;
import java.util.Objects;

/**
 * Tells a {@link ProxyTelemetry} what a {@link com.sun.net.httpserver.HttpServer} does: its
 * requests and responses. Connections, TLS and what the server answers by itself (a path without a
 * context, a malformed request, {@code CONNECT}) are hidden by it. Telemetry that is {@linkplain
 * ProxyTelemetry#isEnabled() off} installs nothing.
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
   * Connects a back end to the JDK's server. One serves a whole process.
   *
   * @param telemetry the back end, which is {@linkplain ProxyTelemetry#guarded guarded} here
   * @return what observes contexts
   */
  public static HttpServerTelemetry create(ProxyTelemetry telemetry) {
    return new HttpServerTelemetry(ProxyTelemetry.guarded(telemetry));
  }

  /**
   * The exchange that a handler was called for.
   *
   * @param exchange what the handler was given
   * @return its observation, or one that does nothing where it is not observed, or where another
   *     filter has put an exchange of its own in its place
   */
  public static ExchangeObservation exchange(HttpExchange exchange) {
    return exchange instanceof Observed observed ? observed.observed().observation() : NONE;
  }

  /**
   * Observes every request that a context handles. Puts a filter before those that are there. Doing
   * so again changes nothing.
   *
   * @param context the context
   */
  public void install(HttpContext context) {
    List<Filter> filters = Objects.requireNonNull(context, "context").getFilters();
    if (telemetry.isEnabled() && filters.stream().noneMatch(TelemetryFilter.class::isInstance)) {
      filters.add(0, new TelemetryFilter(telemetry));
    }
  }

  /** What a handler is given in place of its exchange. */
  interface Observed {
    HandledExchange observed();
  }
}
