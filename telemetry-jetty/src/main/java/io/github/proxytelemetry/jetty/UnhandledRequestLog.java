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
 * Request log that reports the requests which Jetty answers before it calls a handler, such as a
 * {@code CONNECT} whose {@code Host} differs from its target. They appear nowhere else.
 *
 * <p>Jetty logs a head that it could not parse as a request without headers, which is not an
 * exchange. A {@code CONNECT} with an invalid authority is logged without headers as well, but its
 * request line was parsed, so it is an exchange.
 */
final class UnhandledRequestLog implements RequestLog {
  private final ProxyTelemetry telemetry;
  private final @Nullable RequestLog next;

  UnhandledRequestLog(ProxyTelemetry telemetry, @Nullable RequestLog next) {
    this.telemetry = telemetry;
    this.next = next;
  }

  @Override
  public void log(Request request, Response response) {
    ServerEndPoint endPoint = ServerHandler.endPoint(request);
    boolean observed = endPoint != null && endPoint.hasObserved(request);
    if (!observed && isParsed(request, response) && ExchangeLookup.exchangeOf(request) == null) {
      report(request, response, endPoint);
    }
    if (next != null) {
      next.log(request, response);
    }
  }

  private static boolean isParsed(Request request, Response response) {
    return request.getHeaders().size() > 0
        || HttpMethod.CONNECT.is(request.getMethod())
        || isGivenUp(request, response);
  }

  /**
   * Whether an HTTP/2 client has reset its stream before a thread was free to handle it. Jetty logs
   * a 500 that it has not sent.
   */
  private static boolean isGivenUp(Request request, Response response) {
    return ServerHandler.isHttp2(request) && !response.isCommitted();
  }

  private void report(Request request, Response response, @Nullable ServerEndPoint endPoint) {
    ServerRequestInfo view = () -> request;
    ExchangeObservation exchange = view.start(telemetry, endPoint);
    if (isGivenUp(request, response)) {
      exchange.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, null);
      return;
    }
    exchange.note(Side.DOWNSTREAM, ProxyError.HTTP_REQUEST_ERROR, null);
    exchange.responseStarted(response.getStatus());
    exchange.responseBytes(Response.getContentBytesWritten(response));
    exchange.responseEnd();
    exchange.end();
  }
}
