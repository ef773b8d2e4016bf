package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelObservation;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.TunnelSupport;
import org.jspecify.annotations.Nullable;

/** Endpoint of a tunnel above TLS or on an HTTP/2 stream: counts the tunnel's bytes. */
final class TunnelEndPoint extends CountingEndPoint implements TunnelSupport {
  private final ServerTunnel tunnel;
  private final @Nullable String protocol;
  private boolean clientClosed;

  TunnelEndPoint(TunnelSupport support, ServerTunnel tunnel) {
    super(support.getEndPoint());
    this.tunnel = tunnel;
    this.protocol = support.getProtocol();
  }

  @Override
  public @Nullable String getProtocol() {
    return protocol;
  }

  @Override
  public EndPoint getEndPoint() {
    return this;
  }

  @Override
  void onFilled(int bytes) {
    TunnelObservation opened = counted();
    if (bytes < 0) {
      clientClosed = true;
      closedBy(Side.DOWNSTREAM);
    } else if (opened != null) {
      opened.bytesToUpstream(bytes);
    }
  }

  @Override
  void onFlushed(long bytes) {
    TunnelObservation opened = counted();
    if (opened != null) {
      opened.bytesToDownstream(bytes);
    }
  }

  /** The tunnel ends with the connection above this endpoint. */
  @Override
  void onFinished() {}

  @Override
  public void shutdownOutput() {
    closing();
    super.shutdownOutput();
  }

  @Override
  public void close(Throwable cause) {
    closing();
    super.close(cause);
  }

  private @Nullable TunnelObservation counted() {
    return tunnel.isCountedByHandler() ? null : tunnel.observation();
  }

  private void closing() {
    if (!clientClosed) {
      closedBy(Side.UPSTREAM);
    }
  }

  private void closedBy(Side side) {
    TunnelObservation opened = tunnel.observation();
    if (opened != null) {
      opened.closedBy(side);
    }
  }
}
