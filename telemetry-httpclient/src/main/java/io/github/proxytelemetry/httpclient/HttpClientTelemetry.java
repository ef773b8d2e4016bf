package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Upstream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Telemetry of the JDK's {@link HttpClient}.
 *
 * <p>Each request that a wrapped client sends is one attempt, with its own trace context. The JDK
 * exposes neither pools, name lookups, dials and interim responses nor the requests that it retries
 * or redirects itself. Pushed responses are not reported: they belong to no request, so they are no
 * attempts; the host receives them as without telemetry. If telemetry is {@linkplain
 * ProxyTelemetry#isEnabled() off}, {@code wrap} returns its argument.
 *
 * <p>Immutable. Every method returns at once and may be called from any thread.
 */
public final class HttpClientTelemetry {
  private static final System.Logger LOGGER = System.getLogger(HttpClientTelemetry.class.getName());
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  private final ProxyTelemetry telemetry;
  private final boolean enabled;
  private final UpstreamResolver upstreams;
  private final UnreadBodies unread;
  private final AtomicBoolean warnedOfNull = new AtomicBoolean();
  final PendingHandshakes handshakes = new PendingHandshakes();

  HttpClientTelemetry(HttpClientTelemetryBuilder builder) {
    telemetry = ProxyTelemetry.guarded(builder.telemetry);
    enabled = telemetry.isEnabled();
    upstreams = new UpstreamResolver(builder.upstreams);
    unread = new UnreadBodies(builder.unreadLimit.toNanos());
  }

  /**
   * Creates the adapter with default options. One per process is enough.
   *
   * @param telemetry the back end, {@linkplain ProxyTelemetry#guarded guarded} by the adapter
   * @return the adapter
   */
  public static HttpClientTelemetry create(ProxyTelemetry telemetry) {
    return builder(telemetry).build();
  }

  /**
   * Returns a builder for an adapter with options.
   *
   * @param telemetry the back end, {@linkplain ProxyTelemetry#guarded guarded} by the adapter
   * @return a builder with the default options
   */
  public static HttpClientTelemetryBuilder builder(ProxyTelemetry telemetry) {
    return new HttpClientTelemetryBuilder(telemetry);
  }

  /**
   * Classifies an exception of a {@link HttpClient}: the client's own exceptions first, then
   * {@linkplain ProxyError#of others of the JDK}.
   *
   * @param failure the exception, or {@code null}
   * @return the error; {@link ProxyError#PROXY_INTERNAL_ERROR} for an unknown exception
   */
  public static ProxyError classify(@Nullable Throwable failure) {
    return ErrorClassifier.classify(failure);
  }

  /**
   * Wraps a client for calls outside any exchange, such as those to a control plane. Each call is
   * the root of a trace.
   *
   * @param client the client; closing it remains the host's task
   * @return a client that behaves like {@code client}; {@code client} itself if telemetry is off
   */
  public HttpClient wrap(HttpClient client) {
    Objects.requireNonNull(client, "client");
    return enabled ? new ObservedClient(ObservedClient.unwrap(client), this, null) : client;
  }

  /**
   * Wraps a client for the requests of one exchange. Call it once per exchange with the same
   * client: the returned client is a small view of it.
   *
   * <p>Null at run time must not fail the host's request. A client that is {@code null} is returned
   * as it is. Without an exchange the requests are observed as by {@link #wrap(HttpClient)}, and
   * one warning is logged: their time counts as the proxy's own.
   *
   * @param client the client, wrapped or not
   * @param exchange the exchange
   * @return a client whose requests are attempts of the exchange; {@code client} itself if
   *     telemetry is off
   */
  public HttpClient wrap(HttpClient client, ExchangeObservation exchange) {
    if (!enabled || client == null) {
      return client;
    }
    if (exchange == null && warnedOfNull.compareAndSet(false, true)) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "wrap(client, exchange) was called without an exchange: upstream time counts as the"
              + " proxy's own. Pass HttpServerTelemetry.exchange(...) or"
              + " ManualExchange.observation(), or call wrap(client) for requests of the host.");
    }
    return new ObservedClient(ObservedClient.unwrap(client), this, exchange);
  }

  /**
   * Wraps the TLS context that a client is built with, to observe its handshakes. Each is reported
   * as a connection outside any attempt, because the JDK does not expose which request it was
   * dialled for. {@linkplain #wrap(HttpClient) Wrap} the client as well: the JDK does not report a
   * handshake that ends by a reset or a time-out, so it is ended when every request that may have
   * waited for it has ended.
   *
   * @param context the argument for {@link HttpClient.Builder#sslContext}
   * @return the context to use in its place; {@code context} itself if telemetry is off
   */
  public SSLContext wrap(SSLContext context) {
    Objects.requireNonNull(context, "context");
    return enabled ? ObservedSslContext.wrap(context, telemetry, handshakes) : context;
  }

  /** Starts an attempt, before its request is sent. */
  AttemptObservation startAttempt(@Nullable ExchangeObservation exchange, URI uri) {
    Upstream upstream = upstreams.of(uri);
    return exchange == null ? telemetry.startAttempt(upstream) : exchange.startAttempt(upstream);
  }

  <T> ClientCall<T> startCall(@Nullable ExchangeObservation exchange, HttpRequest request) {
    return new ClientCall<>(startAttempt(exchange, request.uri()), request, unread, handshakes);
  }

  static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    String scheme = uri.getScheme();
    return "https".equalsIgnoreCase(scheme) || "wss".equalsIgnoreCase(scheme)
        ? HTTPS_PORT
        : HTTP_PORT;
  }
}
