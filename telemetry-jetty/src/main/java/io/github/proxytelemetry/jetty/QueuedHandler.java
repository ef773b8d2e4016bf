package io.github.proxytelemetry.jetty;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Handler behind a queue, such as {@code QoSHandler}: ends the queue phase of each exchange. */
final class QueuedHandler extends Handler.Wrapper {
  QueuedHandler(Handler handler) {
    super(handler);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    ServerExchange exchange = ExchangeLookup.exchangeOf(request);
    if (exchange != null) {
      exchange.exchange().handlingStarted();
    }
    return super.handle(request, response, callback);
  }
}
