package io.github.proxytelemetry.httpclient;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testing.OriginScript;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.github.proxytelemetry.testing.ScriptedOrigin;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DynamicTest;

/** Request and origin script, sent in each possible way, with and without telemetry. */
record Question(String name, OriginScript answer, Consumer<HttpRequest.Builder> request) {
  static List<DynamicTest> tests(List<Question> questions) {
    return questions.stream()
        .map(question -> DynamicTest.dynamicTest(question.name, question::compare))
        .toList();
  }

  /** Sends a plain GET request. */
  static void asItIs(HttpRequest.Builder request) {}

  private void compare() throws Exception {
    for (Way way : List.<Way>of(Question::send, Question::sendAsync, Question::stream)) {
      String plain = ask(false, way);
      assertThat(ask(true, way)).isEqualTo(plain);
    }
  }

  @FunctionalInterface
  private interface Way {
    HttpResponse<?> send(HttpClient client, HttpRequest request) throws Exception;
  }

  private static HttpResponse<?> send(HttpClient client, HttpRequest request) throws Exception {
    return client.send(request, BodyHandlers.ofString());
  }

  private static HttpResponse<?> sendAsync(HttpClient client, HttpRequest request) {
    return client.sendAsync(request, BodyHandlers.ofByteArray()).join();
  }

  private static HttpResponse<?> stream(HttpClient client, HttpRequest request) throws Exception {
    HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      body.readAllBytes();
    }
    return response;
  }

  /** Sends one request; returns what the client and the origin observed. */
  private String ask(boolean wrapped, Way way) throws Exception {
    RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
    try (ScriptedOrigin origin = ScriptedOrigin.start()) {
      // The second script serves redirected requests.
      origin.onRequest(answer).onRequest(OriginScript.respond(Differential.OK));
      HttpClient plain =
          HttpClient.newBuilder().followRedirects(HttpClient.Redirect.ALWAYS).build();
      HttpClient client = wrapped ? HttpClientTelemetry.create(recorder).wrap(plain) : plain;
      HttpRequest.Builder builder = Differential.request(origin, "/a?b=c").header("X-B", "1");
      request.accept(builder);
      String seen;
      try {
        HttpResponse<?> response = way.send(client, builder.build());
        Object body = response.body();
        seen =
            response.statusCode()
                + " "
                + response.headers().map()
                + " "
                + (body instanceof byte[] bytes ? bytes.length : body instanceof String ? body : "")
                + " after "
                + response.previousResponse().map(HttpResponse::statusCode)
                + response.version();
      } catch (Exception thrown) {
        seen = Differential.chain(thrown);
      }
      recorder.awaitIdle(Differential.TIMEOUT);
      recorder.assertInvariants();
      assertThat(recorder.attempts()).hasSize(wrapped ? 1 : 0);
      return (seen + "; " + heads(origin))
          .replace(Integer.toString(origin.address().getPort()), "PORT")
          .replaceAll("SocketTube\\(\\d+\\) \\[[^\\]]+]", "TUBE");
    }
  }

  private static String heads(ScriptedOrigin origin) {
    return origin.requests().stream()
        .map(
            request ->
                request.startLine()
                    + request.headerLines().stream()
                        .filter(line -> !line.startsWith("traceparent:"))
                        .toList()
                    + request.body())
        .toList()
        .toString();
  }
}
