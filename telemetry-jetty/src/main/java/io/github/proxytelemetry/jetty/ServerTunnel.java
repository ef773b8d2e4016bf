package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.TunnelObservation;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.TunnelSupport;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/** What takes the place of an exchange, and who counts what flows in it. */
final class ServerTunnel {
  private final ExchangeObservation exchange;
  private @Nullable ConnectAttempt attempt;
  private @Nullable TunnelEndPoint endPoint;
  private @Nullable Connection connection;
  private volatile @Nullable TunnelObservation observation;

  ServerTunnel(ExchangeObservation exchange) {
    this.exchange = exchange;
  }

  /** The attempt of a {@code CONNECT}. */
  @Nullable ConnectAttempt attempt() {
    return attempt;
  }

  /** A {@code CONNECT} is served by a handler that counts what flows itself. */
  void connects(ConnectAttempt begun) {
    attempt = begun;
  }

  @Nullable TunnelObservation observation() {
    return observation;
  }

  /** Lends an endpoint that counts, above TLS or in a stream of HTTP/2. */
  TunnelEndPoint endPoint(TunnelSupport support) {
    TunnelEndPoint lent = endPoint;
    if (lent == null) {
      lent = new TunnelEndPoint(support, this);
      endPoint = lent;
    }
    return lent;
  }

  /** The response that ends the exchange is about to be written. */
  void open(Request request, MetaData.Response response) {
    if (!(request.getAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE)
        instanceof Connection next)) {
      return;
    }
    connection = next;
    observation = exchange.startTunnel(kind(request, response));
  }

  /** The response has been written: what flows from here on is the tunnel's. */
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
          new TunnelEnd(opened, isCountedByHandler() || next.getEndPoint() == endPoint));
    }
  }

  /**
   * HTTP/1 is about to give way. What the client sent together with its request is in that
   * connection's buffer, and Jetty would hand it to the next one past every endpoint: it is handed
   * over, and counted, here.
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

  /** Whether the handler counts; it also sees what came together with the request. */
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
