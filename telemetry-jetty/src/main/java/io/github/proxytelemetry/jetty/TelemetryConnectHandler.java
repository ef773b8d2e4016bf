package io.github.proxytelemetry.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ConcurrentMap;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ConnectHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.jspecify.annotations.Nullable;

/**
 * {@link ConnectHandler} with telemetry of its tunnels: the name lookup, the dial, and the bytes in
 * both directions, those that came together with the request included.
 *
 * <p>It needs an {@linkplain JettyTelemetry#install(org.eclipse.jetty.server.Server) observed
 * server}; without one, or where telemetry is off, it behaves as a plain {@code ConnectHandler}. A
 * failure is reported before {@link #onConnectFailure} sends its response. The status of that
 * response, 500 unless a subclass sends 502 or 504, is the host's choice.
 */
public class TelemetryConnectHandler extends ConnectHandler {
  private static final String KEY = ConnectAttempt.class.getName();

  /** Creates a handler of {@code CONNECT} requests only. */
  public TelemetryConnectHandler() {}

  /**
   * Creates a handler of {@code CONNECT} requests that passes other requests on.
   *
   * @param handler the handler of other requests
   */
  public TelemetryConnectHandler(Handler handler) {
    super(handler);
  }

  @Override
  protected void connectToServer(
      Request request, String host, int port, Promise<SocketChannel> promise) {
    ServerExchange exchange = ExchangeLookup.exchangeOf(request);
    if (exchange == null) {
      super.connectToServer(request, host, port, promise);
      return;
    }
    ConnectAttempt attempt = new ConnectAttempt(exchange, host, port);
    exchange.serverTunnel().connect(attempt);
    super.connectToServer(
        request,
        host,
        port,
        new Promise.Wrapper<>(promise) {
          @Override
          public void succeeded(SocketChannel channel) {
            attempt.resolved();
            super.succeeded(channel);
          }
        });
  }

  @Override
  protected void onConnectSuccess(ConnectContext context, UpstreamConnection upstream) {
    ConnectAttempt attempt = attempt(context.getRequest());
    if (attempt != null) {
      attempt.connected(context.getEndPoint(), upstream);
      context.getContext().put(KEY, attempt);
    }
    super.onConnectSuccess(context, upstream);
  }

  @Override
  protected void onConnectFailure(
      Request request, Response response, Callback callback, Throwable failure) {
    ConnectAttempt attempt = attempt(request);
    if (attempt != null) {
      attempt.failed(failure);
    }
    super.onConnectFailure(request, response, callback, failure);
  }

  @Override
  protected int read(EndPoint from, ByteBuffer buffer, ConcurrentMap<String, Object> context)
      throws IOException {
    int bytes = super.read(from, buffer, context);
    if (bytes != 0 && context.get(KEY) instanceof ConnectAttempt attempt) {
      attempt.read(from, bytes);
    }
    return bytes;
  }

  @Override
  protected void write(
      EndPoint to, ByteBuffer buffer, Callback callback, ConcurrentMap<String, Object> context) {
    if (context.get(KEY) instanceof ConnectAttempt attempt) {
      attempt.write(to, buffer.remaining());
    }
    super.write(to, buffer, callback, context);
  }

  private static @Nullable ConnectAttempt attempt(Request request) {
    ServerExchange exchange = ExchangeLookup.exchangeOf(request);
    return exchange == null ? null : exchange.serverTunnel().attempt();
  }
}
