package io.github.proxytelemetry.jetty;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.HttpProxy;
import org.eclipse.jetty.client.ProxyConfiguration;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;

/** Address resolver that starts the observation of a dial with its name lookup. */
final class ObservedAddressResolver implements SocketAddressResolver {
  private final UpstreamTelemetry telemetry;
  private final SocketAddressResolver resolver;

  ObservedAddressResolver(UpstreamTelemetry telemetry, SocketAddressResolver resolver) {
    this.telemetry = telemetry;
    this.resolver = resolver;
  }

  @Override
  public void resolve(
      String host,
      int port,
      Map<String, Object> context,
      Promise<List<InetSocketAddress>> promise) {
    if (!(context.get(Destination.CONTEXT_KEY) instanceof Destination destination)
        || !(context.get(Transport.CONTEXT_KEY) instanceof Transport transport)) {
      resolver.resolve(host, port, context, promise);
      return;
    }
    DialTransport dial = start(destination, transport, telemetry);
    dial.lookupStarted();
    context.put(Transport.CONTEXT_KEY, dial);
    resolver.resolve(
        host,
        port,
        context,
        new Promise.Wrapper<>(promise) {
          @Override
          public void succeeded(List<InetSocketAddress> addresses) {
            dial.lookupSucceeded(addresses.size());
            super.succeeded(addresses);
          }

          @Override
          public void failed(Throwable failure) {
            dial.lookupFailed(failure);
            super.failed(failure);
          }
        });
  }

  static DialTransport start(
      Destination destination, Transport transport, UpstreamTelemetry telemetry) {
    ClientAttempt attempt = ClientAttempt.startDial(destination);
    return new DialTransport(
        transport,
        attempt == null
            ? telemetry.startConnection(destination.getOrigin())
            : attempt.attempt().startConnection(),
        attempt,
        usesProxyTunnel(destination));
  }

  /** Whether the dial needs a tunnel through another proxy. */
  private static boolean usesProxyTunnel(Destination destination) {
    ProxyConfiguration.Proxy proxy = destination.getProxy();
    return proxy instanceof HttpProxy http
        ? http.requiresTunnel(destination.getOrigin())
        : proxy != null;
  }
}
