package io.github.proxytelemetry.jetty;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Stands before what writes a server's error pages, because only there is it known what went wrong
 * in a handler.
 */
final class ObservedErrors implements Request.Handler {
  private final Request.Handler pages;

  ObservedErrors(Request.Handler pages) {
    this.pages = pages;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (request.getAttribute(ErrorHandler.ERROR_EXCEPTION) instanceof Throwable failure) {
      ServerExchange exchange = ExchangeSearch.exchangeOf(request);
      if (exchange != null) {
        exchange.blame().handlerFailed(failure);
      }
    }
    return pages.handle(request, response, callback);
  }

  @Override
  public InvocationType getInvocationType() {
    return pages.getInvocationType();
  }
}
