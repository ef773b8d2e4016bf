package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ProxyTelemetry;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpClientTransport;
import org.eclipse.jetty.client.ProtocolHandler;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.jspecify.annotations.Nullable;

/**
 * A client whose requests and connections are observed.
 *
 * <p>It is a subclass, because Jetty takes a copy of a request's response listeners before it tells
 * any listener of the client about the request: those would never learn of a failure that comes
 * before a response.
 */
@SuppressWarnings("try") // Jetty's own close() declares the InterruptedException.
final class ObservedHttpClient extends HttpClient {
  private final ProxyTelemetry telemetry;

  ObservedHttpClient(HttpClientTransport transport, ProxyTelemetry telemetry) {
    super(transport);
    this.telemetry = telemetry;
  }

  /** Every request comes by here on its way out, redirected ones and WebSocket's too. */
  @Override
  public Destination resolveDestination(Request request) {
    ClientAttempt.attach(request, telemetry);
    return super.resolveDestination(request);
  }

  /** Asked as soon as a response's status is known, an interim one's too. */
  @Override
  public @Nullable ProtocolHandler findProtocolHandler(Request request, Response response) {
    ProtocolHandler handler = super.findProtocolHandler(request, response);
    ClientAttempt attempt = ClientAttempt.of(request);
    return attempt == null ? handler : attempt.responseBegins(request, response, handler);
  }

  @Override
  public void setSocketAddressResolver(SocketAddressResolver resolver) {
    super.setSocketAddressResolver(new Dialler(telemetry, resolver));
  }
}
