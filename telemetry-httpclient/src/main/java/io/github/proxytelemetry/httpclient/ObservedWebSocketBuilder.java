package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * WebSocket builder that reports each opening handshake as an attempt.
 *
 * <p>It collects the options and passes them to the JDK's builder at the end: that one can only add
 * headers, and not replace those of a trace context.
 */
final class ObservedWebSocketBuilder implements WebSocket.Builder {
  private static final int SWITCHING_PROTOCOLS = 101;

  private final HttpClient client;
  private final HttpClientTelemetry telemetry;
  private final @Nullable ExchangeObservation exchange;
  private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final List<String> subprotocols = new ArrayList<>();
  private @Nullable Duration connectTimeout;

  ObservedWebSocketBuilder(
      HttpClient client, HttpClientTelemetry telemetry, @Nullable ExchangeObservation exchange) {
    this.client = client;
    this.telemetry = telemetry;
    this.exchange = exchange;
  }

  @Override
  public WebSocket.Builder header(String name, String value) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
    headers.computeIfAbsent(name, unused -> new ArrayList<>()).add(value);
    return this;
  }

  @Override
  public WebSocket.Builder connectTimeout(Duration timeout) {
    connectTimeout = Objects.requireNonNull(timeout, "timeout");
    return this;
  }

  @Override
  public WebSocket.Builder subprotocols(String mostPreferred, String... lesserPreferred) {
    Objects.requireNonNull(mostPreferred, "mostPreferred");
    Objects.requireNonNull(lesserPreferred, "lesserPreferred");
    List<String> given = new ArrayList<>();
    given.add(mostPreferred);
    for (int i = 0; i < lesserPreferred.length; i++) {
      given.add(Objects.requireNonNull(lesserPreferred[i], "lesserPreferred[" + i + "]"));
    }
    subprotocols.clear();
    subprotocols.addAll(given);
    return this;
  }

  @Override
  public CompletableFuture<WebSocket> buildAsync(URI uri, WebSocket.Listener listener) {
    if (uri == null || listener == null) {
      return client.newWebSocketBuilder().buildAsync(uri, listener);
    }
    AttemptObservation attempt = telemetry.startAttempt(exchange, uri);
    int waitingSince = telemetry.handshakes.awaitHead();
    CompletableFuture<WebSocket> opened;
    try {
      opened = builder(uri, attempt).buildAsync(uri, listener);
    } catch (Throwable thrown) {
      ErrorClassifier.report(attempt, thrown);
      telemetry.handshakes.headReceived(waitingSince);
      throw thrown;
    }
    var unused =
        opened.whenComplete(
            (socket, failure) -> {
              report(attempt, failure);
              telemetry.handshakes.headReceived(waitingSince);
            });
    return opened;
  }

  private WebSocket.Builder builder(URI uri, AttemptObservation attempt) {
    OutgoingHeaders outgoing = new WebSocketRequestInfo(uri, headers);
    attempt.inject(outgoing, OutgoingHeaders.ACCESS);
    attempt.requestStarted(outgoing);
    attempt.requestEnd();
    WebSocket.Builder builder = client.newWebSocketBuilder();
    outgoing.forEach(builder::header);
    if (connectTimeout != null) {
      builder.connectTimeout(connectTimeout);
    }
    if (!subprotocols.isEmpty()) {
      builder.subprotocols(
          subprotocols.get(0), subprotocols.subList(1, subprotocols.size()).toArray(String[]::new));
    }
    return builder;
  }

  private static void report(AttemptObservation attempt, @Nullable Throwable failure) {
    if (failure == null) {
      attempt.responseStarted(SWITCHING_PROTOCOLS);
      attempt.end();
      return;
    }
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof WebSocketHandshakeException refused && refused.getResponse() != null) {
      HttpHeaders headers = refused.getResponse().headers();
      attempt.responseStarted(refused.getResponse().statusCode(), headers, ReadOnlyHeaders.ACCESS);
    }
    ErrorClassifier.report(attempt, failure);
  }
}
