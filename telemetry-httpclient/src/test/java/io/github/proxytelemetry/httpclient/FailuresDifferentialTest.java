package io.github.proxytelemetry.httpclient;

import static io.github.proxytelemetry.httpclient.Differential.assertAlike;

import io.github.proxytelemetry.testing.OriginScript;
import io.github.proxytelemetry.testing.ScriptedOrigin;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Exceptions of a wrapped client against those of the plain one. */
class FailuresDifferentialTest {
  // Long enough for the request to reach the origin on a loaded machine.
  private static final Duration SOON = Duration.ofSeconds(1);

  private static final List<Question> QUESTIONS =
      List.of(
          new Question(
              "a reset",
              connection -> {
                connection.readRequest();
                connection.reset();
              },
              request -> request.POST(BodyPublishers.ofString("hello"))),
          new Question(
              "no answer",
              connection -> {
                connection.readRequest();
                connection.close();
              },
              request -> request.POST(BodyPublishers.ofString("hello"))),
          new Question(
              "nonsense",
              connection -> {
                connection.readRequest();
                connection.send("this is not http\r\n\r\n");
                connection.close();
              },
              Question::asItIs),
          new Question(
              "a body cut short",
              connection -> {
                connection.readRequest();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
                connection.close();
              },
              Question::asItIs),
          new Question(
              "silence",
              connection -> {
                connection.readRequest();
                connection.awaitEnd();
              },
              request -> request.timeout(SOON)),
          new Question(
              "a body that fails",
              connection -> connection.awaitEnd(),
              request ->
                  request.POST(
                      BodyPublishers.fromPublisher(
                          subscriber -> {
                            throw new IllegalStateException("no body");
                          },
                          5))),
          new Question(
              "a body shorter than declared",
              connection -> connection.awaitEnd(),
              request ->
                  request.POST(BodyPublishers.fromPublisher(BodyPublishers.ofString("abc"), 5))));

  @TestFactory
  List<DynamicTest> failsAlike() {
    return Question.tests(QUESTIONS);
  }

  @Test
  void refusesAlike() throws Exception {
    try (Socket taken = new Socket()) {
      taken.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + taken.getLocalPort())).build();
      assertAlike(client -> client.send(request, BodyHandlers.ofString()));
      assertAlike(client -> client.sendAsync(request, BodyHandlers.ofString()).join());
      assertAlike(client -> client.send(null, BodyHandlers.ofString()));
      assertAlike(client -> client.send(request, null));
      assertAlike(client -> client.sendAsync(null, BodyHandlers.ofString()).join());
      assertAlike(client -> client.sendAsync(request, null).join());
      assertAlike(client -> client.sendAsync(request, null, null).join());
      assertAlike(
          client ->
              client
                  .newWebSocketBuilder()
                  .buildAsync(
                      URI.create("ws://127.0.0.1:" + taken.getLocalPort()),
                      new WebSocket.Listener() {})
                  .join());
      assertAlike(client -> client.newWebSocketBuilder().buildAsync(null, null).join());
      assertAlike(client -> client.newWebSocketBuilder().header(null, ""));
      assertAlike(client -> client.newWebSocketBuilder().header("Host", "h").connectTimeout(null));
      assertAlike(client -> client.newWebSocketBuilder().subprotocols("a", new String[] {null}));
      assertAlike(
          client ->
              client
                  .newWebSocketBuilder()
                  .header("Host", "h")
                  .buildAsync(URI.create("ws://h"), new WebSocket.Listener() {})
                  .join());
    }
    HttpRequest unresolved = HttpRequest.newBuilder(URI.create("http://origin.invalid")).build();
    assertAlike(client -> client.send(unresolved, BodyHandlers.ofString()));
  }

  @Test
  void failsAlike_whenAHandlerThrows() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.start()) {
      HttpRequest request =
          Differential.request(origin, "/").POST(BodyPublishers.ofString("a")).build();
      for (int i = 0; i < 4; i++) {
        origin.onRequest(OriginScript.respond(Differential.OK));
      }
      HttpResponse.BodyHandler<String> throwing =
          info -> {
            throw new IllegalStateException("no handler");
          };
      assertAlike(client -> client.send(request, throwing));
      assertAlike(client -> client.sendAsync(request, throwing).join());
    }
  }
}
