package io.github.proxytelemetry.examples.jetty.reverse;

import io.github.proxytelemetry.jetty.JettyTelemetry;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;
import org.eclipse.jetty.client.BufferingResponseListener;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.client.JettyUpgradeListener;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.jspecify.annotations.Nullable;

/** Opens a WebSocket to the origin for each that a client asks for. */
final class WebSockets extends Handler.Abstract {
  private static final int MAX_ANSWER = 1 << 20;

  /** What an answer says of its connection or its framing, which are the proxy's own here. */
  private static final Set<HttpHeader> ONE_HOP =
      EnumSet.of(
          HttpHeader.CONNECTION,
          HttpHeader.KEEP_ALIVE,
          HttpHeader.UPGRADE,
          HttpHeader.TRANSFER_ENCODING,
          HttpHeader.CONTENT_LENGTH);

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
    // HTTP/1.0 has no upgrades (RFC 9110, section 7.8).
    if (request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_1_1
        || !"websocket".equalsIgnoreCase(request.getHeaders().get(HttpHeader.UPGRADE))) {
      return false;
    }
    Pipe fromClient = new Pipe();
    Pipe fromOrigin = new Pipe();
    fromClient.leadsTo(fromOrigin);
    fromOrigin.leadsTo(fromClient);
    URI target = URI.create("ws://" + origin + request.getHttpURI().getPathQuery());
    Asked asking = new Asked(request);
    var unused =
        client
            .connect(fromOrigin, target, asking)
            .whenComplete(
                (session, failure) -> {
                  if (failure != null) {
                    asking.passAnswerOn(response, callback);
                  } else if (!container.upgrade(
                      (asked, answered, done) -> fromClient, request, response, callback)) {
                    session.disconnect();
                    Response.writeError(request, response, callback, HttpStatus.BAD_REQUEST_400);
                  }
                });
    return true;
  }

  /** Says for which request the origin is asked, and keeps what it answers instead of a 101. */
  private static final class Asked extends BufferingResponseListener
      implements JettyUpgradeListener {
    private final Request request;
    private volatile org.eclipse.jetty.client.@Nullable Response answer;

    Asked(Request request) {
      super(MAX_ANSWER);
      this.request = request;
    }

    @Override
    public void onHandshakeRequest(org.eclipse.jetty.client.Request handshake) {
      JettyTelemetry.bind(handshake, request); // telemetry
      handshake.onResponseHeaders(this).onResponseContent(this).onResponseSuccess(this);
      handshake.onResponseFailure(this);
    }

    @Override
    public void onSuccess(org.eclipse.jetty.client.Response whole) {
      answer = whole;
    }

    /** The client of HTTP leaves a connection open on which a 101 came that is no good. */
    @Override
    public void onFailure(org.eclipse.jetty.client.Response failed, Throwable failure) {
      Connection connection = failed.getRequest().getConnection();
      if (connection != null) {
        connection.close();
      }
    }

    @Override
    public void onComplete(Result result) {
      // The WebSocket's client sees to it.
    }

    void passAnswerOn(Response response, Callback callback) {
      var whole = answer;
      if (whole == null || whole.getStatus() == HttpStatus.SWITCHING_PROTOCOLS_101) {
        Response.writeError(request, response, callback, HttpStatus.BAD_GATEWAY_502);
        return;
      }
      response.setStatus(whole.getStatus());
      for (HttpField field : whole.getHeaders()) {
        if (!ONE_HOP.contains(field.getHeader())) {
          response.getHeaders().add(field);
        }
      }
      response.write(true, ByteBuffer.wrap(getContent()), callback);
    }
  }
}
