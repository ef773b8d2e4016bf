package io.github.proxytelemetry.httpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.proxytelemetry.testing.OriginScript;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.github.proxytelemetry.testing.ScriptedOrigin;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Properties and shutdown of a wrapped client against those of the plain one. */
class LifecycleDifferentialTest {
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
      origin.onRequest(OriginScript.respond(Differential.OK));
      RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
      HttpClient client = HttpClientTelemetry.create(recorder).wrap(HttpClient.newHttpClient());
      HttpRequest request = Differential.request(origin, "/").build();
      client.send(request, BodyHandlers.ofString());
      assertThat(Closing.call(client, "isTerminated")).isEqualTo(false);
      Set<Thread> own = clientThreads();
      own.removeAll(before);
      assertThat(own).isNotEmpty();
      Closing.close(client);
      assertThat(Closing.call(client, "isTerminated")).isEqualTo(true);
      for (Thread thread : own) {
        thread.join(Differential.TIMEOUT.toMillis());
        assertThat(thread.isAlive()).as("%s", thread).isFalse();
      }
      recorder.awaitIdle(Differential.TIMEOUT);
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
      HttpRequest request = Differential.request(origin, "/").build();
      client.send(request, BodyHandlers.ofInputStream());
      assertThat(recorder.activeAttempts()).isOne();
      Closing.call(client, "shutdown");
      Closing.call(client, "shutdownNow");
      recorder.awaitIdle(Differential.TIMEOUT);
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
