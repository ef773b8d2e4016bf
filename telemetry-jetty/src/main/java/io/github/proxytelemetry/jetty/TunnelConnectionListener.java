package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.TunnelObservation;
import org.eclipse.jetty.io.Connection;
import org.jspecify.annotations.Nullable;

/** Listener that ends a tunnel above TLS or on an HTTP/2 stream when its connection closes. */
final class TunnelConnectionListener implements Connection.Listener {
  private final TunnelObservation tunnel;
  private final @Nullable ServerEndPoint wire;
  private final boolean counted;

  /**
   * @param wire the client's connection, whose end also ends the tunnel
   * @param counted whether the tunnel's bytes are counted elsewhere
   */
  TunnelConnectionListener(
      TunnelObservation tunnel, @Nullable ServerEndPoint wire, boolean counted) {
    this.tunnel = tunnel;
    this.wire = wire;
    this.counted = counted;
  }

  @Override
  public void onClosed(Connection connection) {
    if (wire != null && wire.hasFinished()) {
      return;
    }
    if (!counted) {
      // Jetty's WebSocket connections count their bytes; other connections return -1.
      tunnel.bytesToUpstream(Math.max(0, connection.getBytesIn()));
      tunnel.bytesToDownstream(Math.max(0, connection.getBytesOut()));
    }
    tunnel.end();
  }
}
