package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Side;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/**
 * Observes the requests that Jetty understands and answers before any handler sees them, such as a
 * {@code CONNECT} whose {@code Host} is another one. Their only trace is in the request log.
 *
 * <p>Where a head was not understood, Jetty logs a request without headers, which is no exchange.
 * It does the same with a {@code CONNECT} whose authority it does not like, and that is one.
 */
final class UnhandledRequests implements RequestLog {
  private final ProxyTelemetry telemetry;
  private final @Nullable RequestLog next;

  UnhandledRequests(ProxyTelemetry telemetry, @Nullable RequestLog next) {
    this.telemetry = telemetry;
    this.next = next;
  }

  @Override
  public void log(Request request, Response response) {
    ServerEndPoint endPoint = ServerHandler.endPoint(request);
    boolean observed = endPoint != null && endPoint.hasObserved(request);
    if (!observed && isUnderstood(request) && ExchangeSearch.exchangeOf(request) == null) {
      tell(request, response, endPoint);
    }
    if (next != null) {
      next.log(request, response);
    }
  }

  private static boolean isUnderstood(Request request) {
    return request.getHeaders().size() > 0 || HttpMethod.CONNECT.is(request.getMethod());
  }

  private void tell(Request request, Response response, @Nullable ServerEndPoint endPoint) {
    ExchangeObservation exchange = ServerHandler.start(telemetry, request, endPoint);
    exchange.note(Side.DOWNSTREAM, ProxyError.HTTP_REQUEST_ERROR, null);
    exchange.responseStarted(response.getStatus());
    exchange.responseBytes(Response.getContentBytesWritten(response));
    exchange.responseEnd();
    exchange.end();
  }
}
