package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.TunnelObservation;
import org.eclipse.jetty.io.Connection;

/** Ends a tunnel above TLS, or in a stream of HTTP/2, with the connection that serves it. */
final class TunnelEnd implements Connection.Listener {
  private final TunnelObservation tunnel;
  private final boolean counted;

  /**
   * @param counted whether its bytes are told by somebody else
   */
  TunnelEnd(TunnelObservation tunnel, boolean counted) {
    this.tunnel = tunnel;
    this.counted = counted;
  }

  @Override
  public void onClosed(Connection connection) {
    if (!counted) {
      // Jetty's WebSocket connections count; others say -1.
      tunnel.bytesToUpstream(Math.max(0, connection.getBytesIn()));
      tunnel.bytesToDownstream(Math.max(0, connection.getBytesOut()));
    }
    tunnel.end();
  }
}
