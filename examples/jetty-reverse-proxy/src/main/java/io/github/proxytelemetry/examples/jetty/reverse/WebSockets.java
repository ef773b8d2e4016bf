package io.github.proxytelemetry.examples.jetty.reverse;

import io.github.proxytelemetry.jetty.JettyTelemetry;
import java.io.IOException;
import java.net.URI;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.client.JettyUpgradeListener;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/** Opens a WebSocket to the origin for each that a client asks for. */
final class WebSockets extends Handler.Abstract {
  private final ServerWebSocketContainer container;
  private final WebSocketClient client;
  private final String origin;

  WebSockets(Server server, HttpClient http, String origin) {
    this.container = ServerWebSocketContainer.ensure(server);
    this.client = new WebSocketClient(http);
    this.origin = origin;
    installBean(http);
    installBean(client);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws IOException {
    if (!"websocket".equalsIgnoreCase(request.getHeaders().get(HttpHeader.UPGRADE))) {
      return false;
    }
    Pipe fromClient = new Pipe();
    Pipe fromOrigin = new Pipe();
    fromClient.leadsTo(fromOrigin);
    fromOrigin.leadsTo(fromClient);
    URI target = URI.create("ws://" + origin + request.getHttpURI().getPathQuery());
    var unused =
        client
            .connect(fromOrigin, target, new Asked(request))
            .whenComplete(
                (session, failure) -> {
                  if (failure != null) {
                    Response.writeError(request, response, callback, HttpStatus.BAD_GATEWAY_502);
                  } else if (!container.upgrade(
                      (asked, answered, done) -> fromClient, request, response, callback)) {
                    session.disconnect();
                    Response.writeError(request, response, callback, HttpStatus.BAD_REQUEST_400);
                  }
                });
    return true;
  }

  /** Says for which request the origin is asked. */
  private record Asked(Request request) implements JettyUpgradeListener {
    @Override
    public void onHandshakeRequest(org.eclipse.jetty.client.Request handshake) {
      JettyTelemetry.bind(handshake, request); // telemetry
    }
  }
}
