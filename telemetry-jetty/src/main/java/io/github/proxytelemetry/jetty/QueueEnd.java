package io.github.proxytelemetry.jetty;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Stands behind a handler that makes requests wait, and tells when a request's turn has come. */
final class QueueEnd extends Handler.Wrapper {
  QueueEnd(Handler handler) {
    super(handler);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    ServerExchange exchange = ExchangeSearch.exchangeOf(request);
    if (exchange != null) {
      exchange.exchange().handlingStarted();
    }
    return super.handle(request, response, callback);
  }
}
