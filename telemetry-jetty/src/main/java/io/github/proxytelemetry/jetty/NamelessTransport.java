package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ProxyTelemetry;
import java.net.SocketAddress;
import java.util.Map;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.io.Transport;

/**
 * Observes each dial of a transport whose address is no name, such as that of a Unix-domain socket:
 * nothing is looked up, so that no {@link Dialler} hears of it.
 */
final class NamelessTransport extends Transport.Wrapper {
  private final ProxyTelemetry telemetry;

  NamelessTransport(Transport transport, ProxyTelemetry telemetry) {
    super(transport);
    this.telemetry = telemetry;
  }

  @Override
  public void connect(SocketAddress address, Map<String, Object> context) {
    if (context.get(Destination.CONTEXT_KEY) instanceof Destination destination) {
      Dial dial = Dialler.start(destination, getWrapped(), telemetry);
      context.put(Transport.CONTEXT_KEY, dial);
      dial.connect(address, context);
    } else {
      super.connect(address, context);
    }
  }

  // A destination is known by its transport, and this one stands for the other.

  @Override
  public boolean equals(Object other) {
    return other instanceof NamelessTransport same && getWrapped().equals(same.getWrapped());
  }

  @Override
  public int hashCode() {
    return getWrapped().hashCode();
  }
}
