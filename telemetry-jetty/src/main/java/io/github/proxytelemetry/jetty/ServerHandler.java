package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ProxyTelemetry;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Outermost handler: starts the exchange of each request and wraps its stream. */
final class ServerHandler extends Handler.Wrapper {
  private final JettyTelemetry jetty;
  private final ProxyTelemetry telemetry;

  ServerHandler(JettyTelemetry jetty, ProxyTelemetry telemetry, @Nullable Handler handler) {
    super(handler);
    this.jetty = jetty;
    this.telemetry = telemetry;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    ServerEndPoint endPoint = endPoint(request);
    ServerExchange observed = observe(request, endPoint);
    if (isHttp2(request) && !jetty.hasQueue()) {
      // HTTP/1 has no queue here: the thread that parsed the head calls this handler.
      observed.exchange().handlingStarted();
    }
    return super.handle(request, response, callback);
  }

  private ServerExchange observe(Request request, @Nullable ServerEndPoint endPoint) {
    boolean http2 = isHttp2(request);
    ServerExchange observed;
    if (http2) {
      Http2Exchange stream = new Http2Exchange(telemetry, request, endPoint);
      request.addHttpStreamWrapper(stream);
      request.addFailureListener(stream);
      observed = stream;
    } else {
      observed = new ServerExchange(telemetry, request, endPoint);
      request.addHttpStreamWrapper(observed);
      if (endPoint != null) {
        endPoint.markObserved(request);
      }
    }
    if (hasNoContent(request, http2)) {
      observed.requestEnd();
    }
    return observed;
  }

  /** On HTTP/2, END_STREAM is not visible here; GET and HEAD are taken to have no content. */
  private static boolean hasNoContent(Request request, boolean http2) {
    if (request.getLength() != -1) {
      return request.getLength() == 0;
    }
    if (!http2) {
      // By its field, as asking whether it is contained makes an iterator.
      return request.getHeaders().getField(HttpHeader.TRANSFER_ENCODING) == null;
    }
    String method = request.getMethod();
    return HttpMethod.GET.is(method) || HttpMethod.HEAD.is(method);
  }

  static @Nullable ServerEndPoint endPoint(Request request) {
    return ForwardingEndPoint.find(
        request.getConnectionMetaData().getConnection().getEndPoint(), ServerEndPoint.class);
  }

  static boolean isHttp2(Request request) {
    return request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2;
  }
}
