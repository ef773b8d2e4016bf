package io.github.proxytelemetry.jetty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.testing.RawClient;
import io.github.proxytelemetry.testing.RecordedExchange;
import io.github.proxytelemetry.testing.RecordedTunnel;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.ProxyConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

/** Upgrades other than {@code CONNECT} whose first bytes arrive together with the request. */
class JettyUpgradeTest extends ServedByJetty {
  private static final String PROXIED = "PROXY TCP4 192.0.2.1 192.0.2.2 4711 80\r\n";
  private static final String UPGRADE =
      "GET /a HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n";
  private static final String EARLY = "early";
  private static final String LATER = ", later";

  @Test
  void countsEarlyBytes_onTheWire() throws Exception {
    serve(new ServerConnector(server), JettyUpgradeTest::own);
    assertEchoed(UPGRADE);
  }

  @Test
  void countsEarlyBytes_inTheEndPointThatWasLent() throws Exception {
    serve(proxied(), request -> request.getTunnelSupport().getEndPoint());
    assertEchoed(PROXIED + UPGRADE);
  }

  @Test
  void countsEarlyBytes_besideAConnectionThatCountsTheRest() throws Exception {
    serve(proxied(), JettyUpgradeTest::own);
    assertEchoed(PROXIED + UPGRADE);
  }

  private void assertEchoed(String request) throws Exception {
    try (RawClient client = connect()) {
      client.send(request + EARLY);
      assertThat(client.readHead().status()).isEqualTo(HttpStatus.SWITCHING_PROTOCOLS_101);
      assertThat(new String(client.readBytes(EARLY.length()), US_ASCII)).isEqualTo(EARLY);
      client.send(LATER);
      assertThat(new String(client.readBytes(LATER.length()), US_ASCII)).isEqualTo(LATER);
    }
    RecordedExchange exchange = only();
    RecordedTunnel tunnel = recorder.tunnels().get(0);
    int all = EARLY.length() + LATER.length();
    assertThat(tunnel.kind()).isEqualTo(TunnelKind.UPGRADE);
    assertThat(tunnel.bytesToUpstream()).as("to upstream").isEqualTo(all);
    assertThat(tunnel.bytesToDownstream()).as("to downstream").isEqualTo(all);
    assertThat(exchange.requestBytes()).isZero();
    assertThat(recorder.connections().get(0).bytesRead()).isEqualTo(request.length() + all);
  }

  private ServerConnector proxied() {
    return new ServerConnector(server, new ProxyConnectionFactory(), new HttpConnectionFactory());
  }

  private static EndPoint own(Request request) {
    return request.getConnectionMetaData().getConnection().getEndPoint();
  }

  private void serve(ServerConnector connector, Function<Request, EndPoint> endPoint)
      throws Exception {
    serve(
        connector,
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            EndPoint client = endPoint.apply(request);
            // Relays the client to itself: an echo.
            request.setAttribute(
                HttpStream.UPGRADE_CONNECTION_ATTRIBUTE,
                new Relay(client, request.getComponents().getExecutor(), client, false));
            response.setStatus(HttpStatus.SWITCHING_PROTOCOLS_101);
            response.getHeaders().put(HttpHeader.CONNECTION, "Upgrade");
            response.getHeaders().put(HttpHeader.UPGRADE, "echo");
            callback.succeeded();
            return true;
          }
        });
  }
}
