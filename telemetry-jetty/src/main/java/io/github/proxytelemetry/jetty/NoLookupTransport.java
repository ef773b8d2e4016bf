package io.github.proxytelemetry.jetty;

import java.net.SocketAddress;
import java.util.Map;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.io.Transport;

/**
 * Transport that observes its dials where no name is looked up, such as for a Unix-domain socket.
 * Jetty does not call the {@link ObservedAddressResolver} for those.
 */
final class NoLookupTransport extends Transport.Wrapper {
  private final UpstreamTelemetry telemetry;

  NoLookupTransport(Transport transport, UpstreamTelemetry telemetry) {
    super(transport);
    this.telemetry = telemetry;
  }

  @Override
  public void connect(SocketAddress address, Map<String, Object> context) {
    if (context.get(Destination.CONTEXT_KEY) instanceof Destination destination) {
      DialTransport dial = ObservedAddressResolver.start(destination, getWrapped(), telemetry);
      context.put(Transport.CONTEXT_KEY, dial);
      dial.connect(address, context);
    } else {
      super.connect(address, context);
    }
  }

  // Jetty compares destinations by their transports: a wrapper has to equal the wrapped one.

  @Override
  public boolean equals(Object other) {
    return other instanceof NoLookupTransport same && getWrapped().equals(same.getWrapped());
  }

  @Override
  public int hashCode() {
    return getWrapped().hashCode();
  }
}
