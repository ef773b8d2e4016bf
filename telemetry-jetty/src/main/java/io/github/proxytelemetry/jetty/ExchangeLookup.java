package io.github.proxytelemetry.jetty;

import java.util.function.Function;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Lookup of a request's exchange among the wrappers of its stream. Jetty exposes the outermost
 * wrapper only to a function that adds another; this one adds none.
 */
final class ExchangeLookup implements Function<HttpStream, HttpStream> {
  private @Nullable ServerExchange found;

  private ExchangeLookup() {}

  /**
   * The exchange of a request.
   *
   * @return the exchange, or {@code null} if the request is not observed or has completed
   */
  static @Nullable ServerExchange exchangeOf(Request request) {
    ExchangeLookup lookup = new ExchangeLookup();
    try {
      request.addHttpStreamWrapper(lookup);
    } catch (IllegalStateException completed) {
      return null;
    }
    return lookup.found;
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
