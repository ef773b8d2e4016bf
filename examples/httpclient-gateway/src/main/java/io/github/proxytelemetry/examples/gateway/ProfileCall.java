package io.github.proxytelemetry.examples.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.httpclient.HttpClientTelemetry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One request for a profile: both origins are asked at once. */
final class ProfileCall {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Pattern ID = Pattern.compile("/profile/([0-9]{1,9})");

  private final HttpExchange exchange;
  private final ExchangeObservation observation;
  private final HttpClient client;

  ProfileCall(HttpExchange exchange, ExchangeObservation observation, HttpClient client) {
    this.exchange = exchange;
    this.observation = observation;
    this.client = client;
  }

  /** Without the user there is no profile; without orders there is an incomplete one. */
  void answer(URI users, URI orders) throws IOException {
    var id = ID.matcher(exchange.getRequestURI().getRawPath());
    if (!id.matches()) {
      send(404, "{\"error\":\"no such profile\"}");
      return;
    }
    CompletableFuture<HttpResponse<String>> user = ask(users.resolve("/users/" + id.group(1)));
    CompletableFuture<HttpResponse<String>> theirs =
        ask(orders.resolve("/orders?user=" + id.group(1)));
    String userBody = body(user);
    if (userBody == null) {
      // Nobody waits for the orders any more.
      theirs.cancel(true);
      send(502, "{\"error\":\"the users' origin does not answer\"}");
      return;
    }
    String ordersBody = body(theirs);
    exchange.getResponseHeaders().set("X-Complete", Boolean.toString(ordersBody != null));
    send(200, "{\"user\":" + userBody + ",\"orders\":" + ordersBody + "}");
  }

  private CompletableFuture<HttpResponse<String>> ask(URI uri) {
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(TIMEOUT).build();
    return client.sendAsync(request, BodyHandlers.ofString());
  }

  private @Nullable String body(CompletableFuture<HttpResponse<String>> answer) {
    try {
      HttpResponse<String> response = answer.join();
      return response.statusCode() == 200 ? response.body() : null;
    } catch (CompletionException failure) {
      Throwable cause = failure.getCause();
      observation.note(Side.UPSTREAM, HttpClientTelemetry.classify(cause), cause); // telemetry
      return null;
    }
  }

  private void send(int status, String json) throws IOException {
    byte[] body = json.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }
}
