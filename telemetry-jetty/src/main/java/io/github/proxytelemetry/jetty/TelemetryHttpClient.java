package io.github.proxytelemetry.jetty;

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
 * {@link HttpClient} that can be observed. Until {@link
 * JettyTelemetry#install(TelemetryHttpClient)} is called, and where telemetry is off, it behaves as
 * a plain {@code HttpClient}.
 *
 * <p>Listeners of a plain client are not enough: Jetty copies the response listeners of a request
 * before it notifies the client's request listeners, so one that they add would miss every failure
 * before the response.
 */
@SuppressWarnings("try") // Jetty's own close() declares the InterruptedException.
public class TelemetryHttpClient extends HttpClient {
  private @Nullable UpstreamTelemetry telemetry;

  /** Creates a client for HTTP/1.1. */
  public TelemetryHttpClient() {}

  /**
   * Creates a client.
   *
   * @param transport the transport of its requests
   */
  public TelemetryHttpClient(HttpClientTransport transport) {
    super(transport);
  }

  /** Starts observing this client; later calls have no effect. */
  final void observe(UpstreamTelemetry backEnd) {
    if (!isStopped()) {
      throw new IllegalStateException(getState());
    }
    if (telemetry != null) {
      return;
    }
    telemetry = backEnd;
    SocketAddressResolver chosen = getSocketAddressResolver();
    if (chosen != null) {
      setSocketAddressResolver(chosen);
    }
  }

  /** Called for every request, redirected ones and WebSocket handshakes included. */
  @Override
  public Destination resolveDestination(Request request) {
    if (telemetry != null) {
      ClientAttempt.observe(request, telemetry);
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
            new NoLookupTransport(transport, telemetry));
  }

  /** Called when the status of a response is parsed, also of an interim one. */
  @Override
  public @Nullable ProtocolHandler findProtocolHandler(Request request, Response response) {
    ProtocolHandler handler = super.findProtocolHandler(request, response);
    ClientAttempt attempt = telemetry == null ? null : ClientAttempt.of(request);
    return attempt == null ? handler : attempt.statusReceived(request, response, handler);
  }

  /** Also called by Jetty at start, if the host has set no resolver. */
  @Override
  public void setSocketAddressResolver(SocketAddressResolver resolver) {
    super.setSocketAddressResolver(
        telemetry == null ? resolver : new ObservedAddressResolver(telemetry, resolver));
  }
}
