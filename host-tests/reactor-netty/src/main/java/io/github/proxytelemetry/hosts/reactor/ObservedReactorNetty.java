package io.github.proxytelemetry.hosts.reactor;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.netty.NettyTelemetry;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;

/** The lines of {@code docs/hosts/reactor-netty.md}. */
final class ObservedReactorNetty {
  private final NettyTelemetry netty;
  private final Upstream upstream;

  ObservedReactorNetty(NettyTelemetry netty, Upstream upstream) {
    this.netty = netty;
    this.upstream = upstream;
  }

  // The HTTP codec is in the pipeline when this callback runs.
  HttpServer server(HttpServer server) {
    return server.doOnChannelInit(
        (observer, channel, remote) -> netty.installServer(channel.pipeline()));
  }

  // Connections of the pool are dialled for no particular request.
  HttpClient client(HttpClient client) {
    return client.doOnChannelInit(
        (observer, channel, remote) -> netty.installUpstream(channel.pipeline(), upstream));
  }

  /** Call this first in the server's handler, before anything asynchronous. */
  static ExchangeObservation exchange(HttpServerRequest request) {
    AtomicReference<ExchangeObservation> exchange = new AtomicReference<>();
    request.withConnection(
        connection -> exchange.set(NettyTelemetry.exchangeToAnswer(connection.channel())));
    return Objects.requireNonNull(exchange.get());
  }

  /** Call this before the response is sent, that is, before {@code sendWebsocket}. */
  AttemptObservation start(ExchangeObservation exchange) {
    return exchange.startAttempt(upstream);
  }

  /** Sends the request of an attempt. */
  <T> Flux<T> observe(
      ExchangeObservation exchange,
      AttemptObservation first,
      HttpClient client,
      Function<HttpClient, Publisher<T>> send) {
    AtomicReference<AttemptObservation> unused = new AtomicReference<>(first);
    HttpClient observed =
        client.doOnRequest(
            (request, connection) -> {
              AttemptObservation attempt = unused.getAndSet(null);
              // reactor-netty itself repeats a request whose pooled connection was closed.
              netty.bind(
                  connection.channel(),
                  attempt == null ? exchange.startAttempt(upstream) : attempt);
            });
    return Flux.from(send.apply(observed))
        .doOnError(
            failure -> exchange.note(Side.UPSTREAM, NettyTelemetry.classify(failure), failure))
        .doOnError(failure -> failUnused(unused, failure))
        .doOnCancel(() -> cancelUnused(unused));
  }

  private static void failUnused(AtomicReference<AttemptObservation> unused, Throwable failure) {
    AttemptObservation attempt = unused.getAndSet(null);
    if (attempt != null) {
      attempt.fail(Side.UPSTREAM, NettyTelemetry.classify(failure), failure);
    }
  }

  private static void cancelUnused(AtomicReference<AttemptObservation> unused) {
    AttemptObservation attempt = unused.getAndSet(null);
    if (attempt != null) {
      attempt.cancel();
    }
  }
}
