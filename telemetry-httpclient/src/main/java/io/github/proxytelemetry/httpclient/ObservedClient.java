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
 * Client that observes the requests of the client that it wraps. It returns that client's own
 * futures, so that cancellation and exceptions are the same.
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

  /** Returns the unobserved client, so that a client wrapped twice reports each request once. */
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
    // The host's handler receives the request that it sent, and not our copy.
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

  // These override methods that JDK 21 added; @Override would not compile on JDK 17.

  public void shutdown() {
    ClientShutdown.shutdown(client);
  }

  public boolean awaitTermination(Duration duration) throws InterruptedException {
    return ClientShutdown.awaitTermination(client, duration);
  }

  public boolean isTerminated() {
    return ClientShutdown.isTerminated(client);
  }

  public void shutdownNow() {
    ClientShutdown.shutdownNow(client);
  }

  public void close() {
    ClientShutdown.close(client);
  }

  @Override
  public String toString() {
    return client.toString();
  }
}
