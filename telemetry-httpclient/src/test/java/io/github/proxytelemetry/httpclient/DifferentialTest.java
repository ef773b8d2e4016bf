package io.github.proxytelemetry.httpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.proxytelemetry.testing.OriginScript;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.github.proxytelemetry.testing.ScriptedOrigin;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A wrapped client does what the client does that it wraps, seen from outside. */
class DifferentialTest {
  private static final String OK =
      "HTTP/1.1 200 OK\r\nX-A: 1\r\nX-A: 2\r\nContent-Length: 2\r\n\r\nok";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** What is asked, and what the origin does. */
  private record Question(
      String name, OriginScript answer, Consumer<HttpRequest.Builder> request) {}

  private static final List<Question> QUESTIONS =
      List.of(
          new Question("ok", OriginScript.respond(OK), DifferentialTest::asItIs),
          new Question(
              "an empty 404",
              OriginScript.respond("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"),
              DifferentialTest::asItIs),
          new Question(
              "HEAD",
              OriginScript.respond("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"),
              request -> request.method("HEAD", BodyPublishers.noBody())),
          new Question(
              "204",
              OriginScript.respond("HTTP/1.1 204 No Content\r\n\r\n"),
              DifferentialTest::asItIs),
          new Question(
              "chunks",
              OriginScript.respond(
                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"),
              request -> request.POST(BodyPublishers.ofString("hello"))),
          new Question(
              "a body of unknown length",
              OriginScript.respond(OK),
              request ->
                  request.PUT(BodyPublishers.fromPublisher(BodyPublishers.ofString("hello")))),
          new Question(
              "a redirect with its body",
              OriginScript.respond(
                  "HTTP/1.1 307 There\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n"),
              request -> request.POST(BodyPublishers.ofString("hello"))),
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
              DifferentialTest::asItIs),
          new Question(
              "a body cut short",
              connection -> {
                connection.readRequest();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
                connection.close();
              },
              DifferentialTest::asItIs),
          new Question(
              "silence",
              connection -> {
                connection.readRequest();
                connection.awaitEnd();
              },
              request -> request.timeout(Duration.ofMillis(300))),
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
  List<DynamicTest> answersAlike() {
    return QUESTIONS.stream()
        .map(question -> DynamicTest.dynamicTest(question.name, () -> compare(question)))
        .toList();
  }

  private static void compare(Question question) throws Exception {
    String sent = ask(question, false, DifferentialTest::send);
    assertThat(ask(question, true, DifferentialTest::send)).isEqualTo(sent);
    String sentAsync = ask(question, false, DifferentialTest::sendAsync);
    assertThat(ask(question, true, DifferentialTest::sendAsync)).isEqualTo(sentAsync);
    String streamed = ask(question, false, DifferentialTest::stream);
    assertThat(ask(question, true, DifferentialTest::stream)).isEqualTo(streamed);
  }

  private static void asItIs(HttpRequest.Builder request) {}

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

  /** One request, and all that its sender and its origin see of it. */
  private static String ask(Question question, boolean wrapped, Way way) throws Exception {
    RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
    try (ScriptedOrigin origin = ScriptedOrigin.start()) {
      // The second is for those that are redirected.
      origin.onRequest(question.answer).onRequest(OriginScript.respond(OK));
      HttpClient plain =
          HttpClient.newBuilder().followRedirects(HttpClient.Redirect.ALWAYS).build();
      HttpClient client = wrapped ? HttpClientTelemetry.create(recorder).wrap(plain) : plain;
      HttpRequest.Builder request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + origin.address().getPort() + "/a?b=c"))
              .version(HttpClient.Version.HTTP_1_1)
              .header("X-B", "1");
      question.request.accept(request);
      String seen;
      try {
        HttpResponse<?> response = way.send(client, request.build());
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
        seen = chain(thrown);
      }
      recorder.awaitIdle(TIMEOUT);
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

  /**
   * What was thrown and what caused it, down to a time-out: whether the JDK adds to a time-out how
   * the connection it closes has ended is a race of its own, and differs from one run of the same
   * client to the next.
   */
  private static String chain(Throwable thrown) {
    StringBuilder chain = new StringBuilder();
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      chain.append(cause.getClass().getName()).append(": ").append(cause.getMessage()).append('\n');
      if (cause instanceof HttpTimeoutException) {
        break;
      }
    }
    return chain.toString();
  }

  @Test
  void refusesAlike() throws Exception {
    try (Socket taken = new Socket()) {
      taken.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + taken.getLocalPort())).build();
      alike(client -> client.send(request, BodyHandlers.ofString()));
      alike(client -> client.sendAsync(request, BodyHandlers.ofString()).join());
      alike(client -> client.send(null, BodyHandlers.ofString()));
      alike(client -> client.send(request, null));
      alike(client -> client.sendAsync(null, BodyHandlers.ofString()).join());
      alike(client -> client.sendAsync(request, null).join());
      alike(client -> client.sendAsync(request, null, null).join());
      alike(
          client ->
              client
                  .newWebSocketBuilder()
                  .buildAsync(
                      URI.create("ws://127.0.0.1:" + taken.getLocalPort()),
                      new WebSocket.Listener() {})
                  .join());
      alike(client -> client.newWebSocketBuilder().buildAsync(null, null).join());
      alike(client -> client.newWebSocketBuilder().header(null, ""));
      alike(client -> client.newWebSocketBuilder().header("Host", "h").connectTimeout(null));
      alike(client -> client.newWebSocketBuilder().subprotocols("a", new String[] {null}));
      alike(
          client ->
              client
                  .newWebSocketBuilder()
                  .header("Host", "h")
                  .buildAsync(URI.create("ws://h"), new WebSocket.Listener() {})
                  .join());
    }
    HttpRequest unresolved = HttpRequest.newBuilder(URI.create("http://origin.invalid")).build();
    alike(client -> client.send(unresolved, BodyHandlers.ofString()));
  }

  @Test
  void failsAlike_whenAHandlerThrows() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.start()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + origin.address().getPort()))
              .version(HttpClient.Version.HTTP_1_1)
              .POST(BodyPublishers.ofString("a"))
              .build();
      for (int i = 0; i < 4; i++) {
        origin.onRequest(OriginScript.respond(OK));
      }
      HttpResponse.BodyHandler<String> throwing =
          info -> {
            throw new IllegalStateException("no handler");
          };
      alike(client -> client.send(request, throwing));
      alike(client -> client.sendAsync(request, throwing).join());
    }
  }

  private interface Call {
    Object on(HttpClient client) throws Exception;
  }

  private static void alike(Call call) {
    RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
    HttpClient plain = HttpClient.newHttpClient();
    assertThat(failure(call, HttpClientTelemetry.create(recorder).wrap(plain)))
        .isEqualTo(failure(call, plain));
    recorder.awaitIdle(TIMEOUT);
    recorder.assertInvariants();
  }

  private static String failure(Call call, HttpClient client) {
    try {
      return "no failure: " + call.on(client);
    } catch (Exception thrown) {
      return chain(thrown);
    }
  }

  @Test
  void cancelsAlike() throws Exception {
    RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
    assertThat(cancel(HttpClientTelemetry.create(recorder).wrap(HttpClient.newHttpClient())))
        .isEqualTo(cancel(HttpClient.newHttpClient()));
    recorder.awaitIdle(TIMEOUT);
    assertThat(recorder.attempts().get(0).events()).last().isEqualTo("cancel");
  }

  private static String cancel(HttpClient client) throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    try (ScriptedOrigin origin = ScriptedOrigin.start()) {
      origin.onRequest(
          connection -> {
            connection.readRequest();
            connection.awaitEnd();
            gone.countDown();
          });
      CompletableFuture<HttpResponse<String>> future =
          client.sendAsync(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + origin.address().getPort()))
                  .version(HttpClient.Version.HTTP_1_1)
                  .build(),
              BodyHandlers.ofString());
      origin.awaitRequests(1);
      boolean cancelled = future.cancel(true);
      assertThat(gone.await(10, TimeUnit.SECONDS)).as("the connection is given up").isTrue();
      try {
        future.join();
        return "not cancelled";
      } catch (CancellationException | CompletionException thrown) {
        // In the JDK the request and its future race: either may be the first to be cancelled.
        Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        return cancelled + " " + future.getClass() + " " + cause.getClass();
      }
    }
  }

  @Test
  void isInterruptedAlike() throws Exception {
    RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
    assertThat(interrupt(HttpClientTelemetry.create(recorder).wrap(HttpClient.newHttpClient())))
        .isEqualTo(interrupt(HttpClient.newHttpClient()));
    recorder.awaitIdle(TIMEOUT);
    assertThat(recorder.attempts().get(0).events()).last().isEqualTo("cancel");
  }

  private static String interrupt(HttpClient client) throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.start()) {
      origin.onRequest(
          connection -> {
            connection.readRequest();
            connection.awaitEnd();
          });
      AtomicReference<String> seen = new AtomicReference<>();
      Thread sender =
          new Thread(
              () -> {
                try {
                  client.send(
                      HttpRequest.newBuilder(
                              URI.create("http://127.0.0.1:" + origin.address().getPort()))
                          .version(HttpClient.Version.HTTP_1_1)
                          .build(),
                      BodyHandlers.ofString());
                } catch (IOException | InterruptedException thrown) {
                  seen.set(chain(thrown) + Thread.currentThread().isInterrupted());
                }
              });
      sender.start();
      origin.awaitRequests(1);
      sender.interrupt();
      sender.join();
      return seen.get();
    }
  }

  @Test
  void answersQuestionsAboutItselfAlike() {
    HttpClient plain =
        HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(3))
            .executor(Executors.newCachedThreadPool())
            .build();
    HttpClient client = HttpClientTelemetry.create(new RecordingProxyTelemetry()).wrap(plain);
    assertThat(client.cookieHandler()).isEqualTo(plain.cookieHandler());
    assertThat(client.connectTimeout()).isEqualTo(plain.connectTimeout());
    assertThat(client.followRedirects()).isEqualTo(plain.followRedirects());
    assertThat(client.proxy()).isEqualTo(plain.proxy());
    assertThat(client.sslContext()).isSameAs(plain.sslContext());
    assertThat(client.sslParameters().getProtocols())
        .isEqualTo(plain.sslParameters().getProtocols());
    assertThat(client.authenticator()).isEqualTo(plain.authenticator());
    assertThat(client.version()).isEqualTo(plain.version());
    assertThat(client.executor()).isEqualTo(plain.executor());
  }

  @Test
  void leavesNoThreads_whenClosed() throws Exception {
    assumeTrue(Closing.isPossible(), "an HttpClient can be closed since JDK 21");
    Set<Thread> before = clientThreads();
    try (ScriptedOrigin origin = ScriptedOrigin.start()) {
      origin.onRequest(OriginScript.respond(OK));
      RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
      HttpClient client = HttpClientTelemetry.create(recorder).wrap(HttpClient.newHttpClient());
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + origin.address().getPort()))
              .version(HttpClient.Version.HTTP_1_1)
              .build();
      client.send(request, BodyHandlers.ofString());
      assertThat(Closing.call(client, "isTerminated")).isEqualTo(false);
      Set<Thread> own = clientThreads();
      own.removeAll(before);
      assertThat(own).isNotEmpty();
      Closing.close(client);
      assertThat(Closing.call(client, "isTerminated")).isEqualTo(true);
      for (Thread thread : own) {
        thread.join(TIMEOUT.toMillis());
        assertThat(thread.isAlive()).as("%s", thread).isFalse();
      }
      recorder.awaitIdle(TIMEOUT);
    }
  }

  @Test
  void endsWhatIsOpen_whenShutDown() throws Exception {
    assumeTrue(Closing.isPossible(), "an HttpClient can be closed since JDK 21");
    try (ScriptedOrigin origin = ScriptedOrigin.start()) {
      origin.onRequest(
          connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
            connection.awaitEnd();
          });
      RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
      HttpClient client = HttpClientTelemetry.create(recorder).wrap(HttpClient.newHttpClient());
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + origin.address().getPort()))
              .version(HttpClient.Version.HTTP_1_1)
              .build();
      client.send(request, BodyHandlers.ofInputStream());
      assertThat(recorder.activeAttempts()).isOne();
      Closing.call(client, "shutdown");
      Closing.call(client, "shutdownNow");
      recorder.awaitIdle(TIMEOUT);
      recorder.assertInvariants();
    }
  }

  private static Set<Thread> clientThreads() {
    Collection<Thread> all = Thread.getAllStackTraces().keySet();
    return all.stream()
        .filter(thread -> thread.getName().startsWith("HttpClient-"))
        .collect(Collectors.toSet());
  }
}
