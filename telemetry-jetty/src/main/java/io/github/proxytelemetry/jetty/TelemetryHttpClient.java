package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ProxyTelemetry;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpClientTransport;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.ProtocolHandler;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.jspecify.annotations.Nullable;

/**
 * An {@link HttpClient} that can be observed. Until {@link
 * JettyTelemetry#instrument(TelemetryHttpClient)} does so, and where telemetry is off, it is an
 * {@code HttpClient} and nothing else.
 *
 * <p>It is a class of its own, because Jetty takes a copy of a request's response listeners before
 * it tells any listener of the client about the request: those would never learn of a failure that
 * comes before a response.
 */
@SuppressWarnings("try") // Jetty's own close() declares the InterruptedException.
public class TelemetryHttpClient extends HttpClient {
  private @Nullable ProxyTelemetry telemetry;

  /** Makes a client for HTTP/1.1. */
  public TelemetryHttpClient() {}

  /**
   * Makes a client.
   *
   * @param transport what its requests are sent by
   */
  public TelemetryHttpClient(HttpClientTransport transport) {
    super(transport);
  }

  /** Observes what it does from here on; only the first to ask does. */
  final void observe(ProxyTelemetry observer) {
    if (!isStopped()) {
      throw new IllegalStateException(getState());
    }
    if (telemetry != null) {
      return;
    }
    telemetry = observer;
    SocketAddressResolver chosen = getSocketAddressResolver();
    if (chosen != null) {
      setSocketAddressResolver(chosen);
    }
  }

  /** Every request comes by here on its way out, redirected ones and WebSocket's too. */
  @Override
  public Destination resolveDestination(Request request) {
    if (telemetry != null) {
      ClientAttempt.attach(request, telemetry);
    }
    return super.resolveDestination(request);
  }

  @Override
  public Origin createOrigin(Request request, Origin.Protocol protocol) {
    Origin origin = super.createOrigin(request, protocol);
    Transport transport = origin.getTransport();
    return telemetry == null || transport.requiresDomainNameResolution()
        ? origin
        : new Origin(
            origin.getScheme(),
            origin.getAddress(),
            origin.getTag(),
            origin.getProtocol(),
            new NamelessTransport(transport, telemetry));
  }

  /** Asked as soon as a response's status is known, an interim one's too. */
  @Override
  public @Nullable ProtocolHandler findProtocolHandler(Request request, Response response) {
    ProtocolHandler handler = super.findProtocolHandler(request, response);
    ClientAttempt attempt = telemetry == null ? null : ClientAttempt.of(request);
    return attempt == null ? handler : attempt.responseBegins(request, response, handler);
  }

  /** Jetty sets one when it starts, where the host has set none. */
  @Override
  public void setSocketAddressResolver(SocketAddressResolver resolver) {
    super.setSocketAddressResolver(telemetry == null ? resolver : new Dialler(telemetry, resolver));
  }
}
