package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.ExchangeObservation;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Tells each response that a server pushes, if the host accepts it, as an attempt of its own. */
final class ObservedPushes<T> implements PushPromiseHandler<T> {
  private final PushPromiseHandler<T> handler;
  private final HttpClientTelemetry telemetry;
  private final @Nullable ExchangeObservation exchange;

  ObservedPushes(
      PushPromiseHandler<T> handler,
      HttpClientTelemetry telemetry,
      @Nullable ExchangeObservation exchange) {
    this.handler = handler;
    this.telemetry = telemetry;
    this.exchange = exchange;
  }

  @Override
  public void applyPushPromise(
      HttpRequest initiating,
      HttpRequest promised,
      Function<BodyHandler<T>, CompletableFuture<HttpResponse<T>>> acceptor) {
    handler.applyPushPromise(
        initiating, promised, accepted -> accept(promised, accepted, acceptor));
  }

  private CompletableFuture<HttpResponse<T>> accept(
      HttpRequest promised,
      BodyHandler<T> accepted,
      Function<BodyHandler<T>, CompletableFuture<HttpResponse<T>>> acceptor) {
    if (accepted == null) {
      return acceptor.apply(accepted);
    }
    ClientCall<T> call = telemetry.startCall(exchange, promised);
    call.promised();
    return call.watch(acceptor.apply(call.handler(accepted)));
  }
}
