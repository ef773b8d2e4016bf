package io.github.proxytelemetry.jetty;

import java.util.function.Function;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Finds the exchange of a request in the layers around its stream, of which Jetty shows the
 * outermost to whoever adds another. This adds none.
 */
final class ExchangeSearch implements Function<HttpStream, HttpStream> {
  private @Nullable ServerExchange found;

  private ExchangeSearch() {}

  /**
   * The exchange of a request.
   *
   * @return the exchange, or {@code null} for a request that is not observed, or over
   */
  static @Nullable ServerExchange exchangeOf(Request request) {
    ExchangeSearch search = new ExchangeSearch();
    try {
      request.addHttpStreamWrapper(search);
    } catch (IllegalStateException over) {
      return null;
    }
    return search.found;
  }

  @Override
  public HttpStream apply(HttpStream top) {
    HttpStream current = top;
    while (current instanceof HttpStream.Wrapper wrapper) {
      if (wrapper instanceof ServerExchange exchange) {
        found = exchange;
        break;
      }
      current = wrapper.getWrapped();
    }
    return top;
  }
}
