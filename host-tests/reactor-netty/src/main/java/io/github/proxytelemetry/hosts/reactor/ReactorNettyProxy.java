package io.github.proxytelemetry.hosts.reactor;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.ConnectionProvider;

/** Reverse proxy: {@code HttpServer} in front, {@code HttpClient} behind. */
final class ReactorNettyProxy {
  private final ConnectionProvider pool = ConnectionProvider.create("proxy", 50);
  private final ObservedReactorNetty observed;
  private final HttpClient client;
  private final DisposableServer server;

  ReactorNettyProxy(ProxyTelemetry telemetry, InetSocketAddress origin, HttpProtocol... protocols) {
    this.observed =
        new ObservedReactorNetty(
            NettyTelemetry.create(telemetry),
            Upstream.of(origin.getHostString(), origin.getPort()));
    this.client = observed.client(HttpClient.create(pool).remoteAddress(() -> origin));
    this.server =
        observed
            .server(HttpServer.create().host("127.0.0.1").port(0).protocol(protocols))
            // Without it, connections outlive the server.
            .channelGroup(new DefaultChannelGroup(GlobalEventExecutor.INSTANCE))
            .handle(this::handle)
            .bindNow();
  }

  InetSocketAddress address() {
    return (InetSocketAddress) server.address();
  }

  void close() {
    pool.disposeLater().block();
    server.disposeNow();
  }

  private Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
    ExchangeObservation exchange = ObservedReactorNetty.exchange(request);
    AttemptObservation attempt = observed.start(exchange);
    if (request.requestHeaders().contains(HttpHeaderNames.UPGRADE, "websocket", true)) {
      return relay(exchange, attempt, request, response);
    }
    return observed
        .observe(
            exchange,
            attempt,
            client.headers(headers -> copy(request.requestHeaders(), headers)),
            observedClient ->
                observedClient
                    .request(request.method())
                    .uri(request.uri())
                    .send(request.receive().retain())
                    .response(
                        (answer, content) -> {
                          response.status(answer.status());
                          copy(answer.responseHeaders(), response.responseHeaders());
                          return response.send(content.retain()).then();
                        }))
        .then()
        .onErrorResume(
            failure ->
                response.hasSentHeaders()
                    ? Mono.error(failure)
                    : response.status(502).send().then());
  }

  private Publisher<Void> relay(
      ExchangeObservation exchange,
      AttemptObservation attempt,
      HttpServerRequest request,
      HttpServerResponse response) {
    return response.sendWebsocket(
        (fromClient, toClient) ->
            observed.observe(
                exchange,
                attempt,
                client,
                observedClient ->
                    observedClient
                        .websocket()
                        .uri(request.uri())
                        .handle(
                            (fromOrigin, toOrigin) ->
                                toClient
                                    .sendObject(
                                        fromOrigin.receiveFrames().map(WebSocketFrame::retain))
                                    .then()
                                    .and(
                                        toOrigin.sendObject(
                                            fromClient
                                                .receiveFrames()
                                                .map(WebSocketFrame::retain))))));
  }

  private static void copy(HttpHeaders from, HttpHeaders to) {
    to.setAll(from);
    to.remove(HttpHeaderNames.CONNECTION);
  }
}
