package io.github.proxytelemetry.hosts.vertx;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.github.proxytelemetry.netty.NettyTelemetryExtension;
import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.httpproxy.ProxyContext;

/** The lines of {@code docs/hosts/vertx.md}. */
final class ObservedVertx {
  private final NettyTelemetry netty;
  private final Upstream upstream;

  ObservedVertx(NettyTelemetry netty, Upstream upstream) {
    this.netty = netty;
    this.upstream = upstream;
  }

  // Without h2c, a connection is handed out before its first byte is read; with it, after the first
  // request.
  HttpServer server(Vertx vertx) {
    return vertx
        .createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(false))
        .connectionHandler(connection -> netty.installServer(channel(connection).pipeline()));
  }

  // Netty itself hands out a connection before its first byte is read, with h2c or without.
  HttpServer serverWithH2c(Vertx vertx, HttpServerOptions options) {
    NettyTelemetryExtension.observe(netty, client -> true);
    return vertx.createHttpServer(options);
  }

  HttpClient client(Vertx vertx) {
    return vertx
        .httpClientBuilder()
        .withConnectHandler(
            connection -> netty.installUpstream(channel(connection).pipeline(), upstream))
        .build();
  }

  // Not part of the API of Vert.x, but there in 4.5 and in 5.
  private static Channel channel(HttpConnection connection) {
    return ((ConnectionBase) connection).channel();
  }

  /** The origin of the {@code HttpProxy}. */
  Future<HttpClientRequest> request(ProxyContext context) {
    HttpConnection client = context.request().proxiedRequest().connection();
    ExchangeObservation exchange = NettyTelemetry.exchangeToAnswer(channel(client));
    AttemptObservation attempt = exchange.startAttempt(upstream);
    return context
        .client()
        .request(new RequestOptions().setHost(upstream.host()).setPort(upstream.port()))
        .onSuccess(request -> netty.bind(channel(request.connection()), attempt))
        .onFailure(
            failure -> {
              exchange.note(Side.UPSTREAM, NettyTelemetry.classify(failure), failure);
              attempt.fail(Side.UPSTREAM, NettyTelemetry.classify(failure), failure);
            });
  }
}
