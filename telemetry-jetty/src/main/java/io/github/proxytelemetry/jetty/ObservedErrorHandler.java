package io.github.proxytelemetry.jetty;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Error handler that reports the exception of a failed handler before the host's error handler
 * writes the page. Jetty exposes that exception nowhere else.
 */
final class ObservedErrorHandler implements Request.Handler {
  private final Request.Handler pages;

  ObservedErrorHandler(Request.Handler pages) {
    this.pages = pages;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (request.getAttribute(ErrorHandler.ERROR_EXCEPTION) instanceof Throwable failure) {
      ServerExchange exchange = ExchangeLookup.exchangeOf(request);
      if (exchange != null) {
        exchange.recordFailure().handlerFailed(failure);
      }
    }
    return pages.handle(request, response, callback);
  }

  @Override
  public InvocationType getInvocationType() {
    return pages.getInvocationType();
  }
}
