package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.TunnelObservation;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.TunnelSupport;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/** Tunnel that replaces an exchange, and the choice of the place where its bytes are counted. */
final class ServerTunnel {
  private final ExchangeObservation exchange;
  private @Nullable ConnectAttempt attempt;
  private @Nullable TunnelEndPoint endPoint;
  private @Nullable Connection connection;
  private volatile @Nullable TunnelObservation observation;

  ServerTunnel(ExchangeObservation exchange) {
    this.exchange = exchange;
  }

  static boolean isOpenedBy(String method, int status) {
    return status == HttpStatus.SWITCHING_PROTOCOLS_101
        || (HttpMethod.CONNECT.is(method) && HttpStatus.isSuccess(status));
  }

  /** The attempt of a {@code CONNECT}. */
  @Nullable ConnectAttempt attempt() {
    return attempt;
  }

  /** A {@code CONNECT} is served by our handler, which counts the bytes of the tunnel. */
  void connect(ConnectAttempt started) {
    attempt = started;
  }

  @Nullable TunnelObservation observation() {
    return observation;
  }

  /** The counting endpoint of a tunnel above TLS or on an HTTP/2 stream. */
  TunnelEndPoint endPoint(TunnelSupport support) {
    TunnelEndPoint counting = endPoint;
    if (counting == null) {
      counting = new TunnelEndPoint(support, this);
      endPoint = counting;
    }
    return counting;
  }

  /** The response that opens the tunnel, and ends the exchange, is about to be written. */
  void open(Request request, MetaData.Response response) {
    if (!(request.getAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE)
        instanceof Connection next)) {
      return;
    }
    connection = next;
    observation = exchange.startTunnel(kind(request, response));
  }

  /** The response was written: from now on, the bytes are those of the tunnel. */
  void begin(@Nullable ServerEndPoint wire) {
    TunnelObservation opened = observation;
    Connection next = connection;
    if (opened == null || next == null) {
      return;
    }
    if (wire != null && next.getEndPoint() == wire) {
      wire.becomeTunnel(opened, isCountedByHandler());
    } else {
      next.addEventListener(
          new TunnelConnectionListener(
              opened, wire, isCountedByHandler() || next.getEndPoint() == endPoint));
    }
  }

  /**
   * Passes on what the client sent together with its request. It is in the buffer of the HTTP/1
   * connection, from which Jetty would pass it to the next connection without an endpoint that
   * could count it.
   */
  void passEarlyBytes(Request request) {
    TunnelObservation opened = observation;
    if (opened != null
        && !isCountedByHandler()
        && connection instanceof Connection.UpgradeTo next
        && next == request.getAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE)
        && request.getConnectionMetaData().getConnection() instanceof Connection.UpgradeFrom http) {
      ByteBuffer early = http.onUpgradeFrom();
      if (BufferUtil.hasContent(early)) {
        opened.bytesToUpstream(early.remaining());
        next.onUpgradeTo(early);
      }
    }
  }

  /** Whether the handler counts the bytes, those that came together with the request included. */
  boolean isCountedByHandler() {
    return attempt != null;
  }

  private static TunnelKind kind(Request request, MetaData.Response response) {
    if (HttpMethod.CONNECT.is(request.getMethod())) {
      TunnelSupport support = request.getTunnelSupport();
      return support == null || support.getProtocol() == null
          ? TunnelKind.CONNECT
          : TunnelKind.WEBSOCKET;
    }
    return response.getHttpFields().contains(HttpHeader.UPGRADE, "websocket")
        ? TunnelKind.WEBSOCKET
        : TunnelKind.UPGRADE;
  }
}
