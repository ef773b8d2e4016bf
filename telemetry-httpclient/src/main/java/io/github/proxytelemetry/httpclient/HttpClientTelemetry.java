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
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Tells a {@link ProxyTelemetry} what a {@link HttpClient} of the JDK does.
 *
 * <p>Each request that a wrapped client sends is one attempt, with its own trace context. What the
 * JDK does not show is not told: pools, name lookups, dials, interim responses, and what it repeats
 * or follows by itself. Nor is what a server pushes: nobody asked for it, so it is no attempt. The
 * host accepts and receives it as ever. Telemetry that is {@linkplain ProxyTelemetry#isEnabled()
 * off} wraps nothing.
 *
 * <p>Immutable. Every method returns at once and may be called from any thread.
 */
public final class HttpClientTelemetry {
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  private final ProxyTelemetry telemetry;
  private final boolean enabled;
  private final Upstreams upstreams;
  private final UnreadBodies unread;
  final Handshakes handshakes = new Handshakes();

  HttpClientTelemetry(HttpClientTelemetryBuilder builder) {
    telemetry = ProxyTelemetry.guarded(builder.telemetry);
    enabled = telemetry.isEnabled();
    upstreams = new Upstreams(builder.upstreams);
    unread = new UnreadBodies(builder.unreadLimit.toNanos());
  }

  /**
   * Connects a back end to the JDK's client. One serves a whole process.
   *
   * @param telemetry the back end, which is {@linkplain ProxyTelemetry#guarded guarded} here
   * @return what wraps clients
   */
  public static HttpClientTelemetry create(ProxyTelemetry telemetry) {
    return builder(telemetry).build();
  }

  /**
   * The same as {@link #create}, with options.
   *
   * @param telemetry the back end, which is {@linkplain ProxyTelemetry#guarded guarded} here
   * @return a builder with the defaults
   */
  public static HttpClientTelemetryBuilder builder(ProxyTelemetry telemetry) {
    return new HttpClientTelemetryBuilder(telemetry);
  }

  /**
   * Tells what an exception means that a {@link HttpClient} threw: its own first, then {@linkplain
   * ProxyError#of the JDK's}.
   *
   * @param failure what was thrown, or {@code null}
   * @return the error; {@link ProxyError#PROXY_INTERNAL_ERROR} for what is not known
   */
  public static ProxyError classify(@Nullable Throwable failure) {
    return Failures.classify(failure);
  }

  /**
   * Observes what the host itself calls, outside any exchange: its control plane. Each call is the
   * root of a trace.
   *
   * @param client the client, which goes on to belong to the host
   * @return a client that behaves as that one does, or {@code client} where telemetry is off
   */
  public HttpClient wrap(HttpClient client) {
    Objects.requireNonNull(client, "client");
    return enabled ? new ObservedClient(ObservedClient.unwrap(client), this, null) : client;
  }

  /**
   * Observes what is sent upstream for one exchange. Call it for each exchange, with the same
   * client: what is returned is a small view of it.
   *
   * @param client the client, wrapped or not
   * @param exchange what its requests are sent for
   * @return a client whose requests are attempts of that exchange, or {@code client} where
   *     telemetry is off
   */
  public HttpClient wrap(HttpClient client, ExchangeObservation exchange) {
    Objects.requireNonNull(client, "client");
    Objects.requireNonNull(exchange, "exchange");
    return enabled ? new ObservedClient(ObservedClient.unwrap(client), this, exchange) : client;
  }

  /**
   * Observes the TLS handshakes of the client that is built with what this returns. Each connection
   * is told on its own, because nobody can see which request it was dialled for. {@linkplain
   * #wrap(HttpClient) Wrap} the client as well: a handshake that is broken off in silence, by a
   * reset or a time-out, is known to be over when no request waits any more that may have waited
   * for it.
   *
   * @param context what would be given to {@link HttpClient.Builder#sslContext} otherwise
   * @return a context that makes the same engines, or {@code context} where telemetry is off
   */
  public SSLContext wrap(SSLContext context) {
    Objects.requireNonNull(context, "context");
    return enabled ? ObservedTls.wrap(context, telemetry, handshakes) : context;
  }

  /** Begins an attempt; the request has not been sent yet. */
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
