package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ProxyTelemetry;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.HttpProxy;
import org.eclipse.jetty.client.ProxyConfiguration;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;

/** Observes each dial from its beginning, which is the lookup of the destination's name. */
final class Dialler implements SocketAddressResolver {
  private final ProxyTelemetry telemetry;
  private final SocketAddressResolver resolver;

  Dialler(ProxyTelemetry telemetry, SocketAddressResolver resolver) {
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
    Dial dial = start(destination, transport, telemetry);
    dial.resolving();
    context.put(Transport.CONTEXT_KEY, dial);
    resolver.resolve(
        host,
        port,
        context,
        new Promise.Wrapper<>(promise) {
          @Override
          public void succeeded(List<InetSocketAddress> addresses) {
            dial.resolved(addresses.size());
            super.succeeded(addresses);
          }

          @Override
          public void failed(Throwable failure) {
            dial.notResolved(failure);
            super.failed(failure);
          }
        });
  }

  static Dial start(Destination destination, Transport transport, ProxyTelemetry telemetry) {
    return new Dial(transport, ClientAttempt.dials(destination, telemetry), asksProxy(destination));
  }

  /** Whether another proxy is asked for a way to the destination. */
  private static boolean asksProxy(Destination destination) {
    ProxyConfiguration.Proxy proxy = destination.getProxy();
    return proxy instanceof HttpProxy http
        ? http.requiresTunnel(destination.getOrigin())
        : proxy != null;
  }
}
