package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.ExchangeObservation;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * A client that tells what it sends. Its futures are those of the client behind it, so that
 * cancelling, waiting and failing are what they were.
 */
final class ObservedClient extends HttpClient {
  private final HttpClient client;
  private final HttpClientTelemetry telemetry;
  private final @Nullable ExchangeObservation exchange;

  ObservedClient(
      HttpClient client, HttpClientTelemetry telemetry, @Nullable ExchangeObservation exchange) {
    this.client = client;
    this.telemetry = telemetry;
    this.exchange = exchange;
  }

  /** The client that is not observed, so that a request is told once. */
  static HttpClient unwrap(HttpClient client) {
    return client instanceof ObservedClient observed ? observed.client : client;
  }

  @Override
  public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
      throws IOException, InterruptedException {
    if (request == null || handler == null) {
      return client.send(request, handler);
    }
    ClientCall<T> call = telemetry.startCall(exchange, request);
    try {
      return client.send(call.request(), call.handler(handler));
    } catch (Throwable thrown) {
      call.failed(thrown);
      throw thrown;
    }
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, BodyHandler<T> handler) {
    if (request == null || handler == null) {
      return client.sendAsync(request, handler);
    }
    ClientCall<T> call = telemetry.startCall(exchange, request);
    try {
      return call.watch(client.sendAsync(call.request(), call.handler(handler)));
    } catch (Throwable thrown) {
      call.failed(thrown);
      throw thrown;
    }
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request,
      BodyHandler<T> handler,
      @Nullable PushPromiseHandler<T> pushPromiseHandler) {
    if (request == null || handler == null) {
      return client.sendAsync(request, handler, pushPromiseHandler);
    }
    ClientCall<T> call = telemetry.startCall(exchange, request);
    // What is pushed comes for the host's request, which it knows, and not for the copy of it.
    PushPromiseHandler<T> pushes =
        pushPromiseHandler == null
            ? null
            : (sent, promised, acceptor) ->
                pushPromiseHandler.applyPushPromise(request, promised, acceptor);
    try {
      return call.watch(client.sendAsync(call.request(), call.handler(handler), pushes));
    } catch (Throwable thrown) {
      call.failed(thrown);
      throw thrown;
    }
  }

  @Override
  public WebSocket.Builder newWebSocketBuilder() {
    return new ObservedWebSocketBuilder(client, telemetry, exchange);
  }

  @Override
  public Optional<CookieHandler> cookieHandler() {
    return client.cookieHandler();
  }

  @Override
  public Optional<Duration> connectTimeout() {
    return client.connectTimeout();
  }

  @Override
  public Redirect followRedirects() {
    return client.followRedirects();
  }

  @Override
  public Optional<ProxySelector> proxy() {
    return client.proxy();
  }

  @Override
  public SSLContext sslContext() {
    return client.sslContext();
  }

  @Override
  public SSLParameters sslParameters() {
    return client.sslParameters();
  }

  @Override
  public Optional<Authenticator> authenticator() {
    return client.authenticator();
  }

  @Override
  public Version version() {
    return client.version();
  }

  @Override
  public Optional<Executor> executor() {
    return client.executor();
  }

  // The client of JDK 21 has these five, and there they override. They cannot say so on 17.

  public void shutdown() {
    Lifecycle.shutdown(client);
  }

  public boolean awaitTermination(Duration duration) throws InterruptedException {
    return Lifecycle.awaitTermination(client, duration);
  }

  public boolean isTerminated() {
    return Lifecycle.isTerminated(client);
  }

  public void shutdownNow() {
    Lifecycle.shutdownNow(client);
  }

  public void close() {
    Lifecycle.close(client);
  }

  @Override
  public String toString() {
    return client.toString();
  }
}
