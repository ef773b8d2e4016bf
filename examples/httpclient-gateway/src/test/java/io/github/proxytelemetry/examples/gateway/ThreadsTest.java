package io.github.proxytelemetry.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.testing.OriginScript;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.github.proxytelemetry.testing.ScriptedOrigin;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the gateway runs on. */
class ThreadsTest {
  private static final int REQUESTS = 20;

  /** Writes down which threads handle requests, as no back end would. */
  private static final class Watching implements ProxyTelemetry {
    private final RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
    private final Set<Thread> handlers = ConcurrentHashMap.newKeySet();

    @Override
    public ExchangeObservation startExchange(RequestInfo request) {
      handlers.add(Thread.currentThread());
      return recorder.startExchange(request);
    }

    @Override
    public AttemptObservation startAttempt(Upstream upstream) {
      return recorder.startAttempt(upstream);
    }
  }

  @Test
  void handlesEachRequestOnAVirtualThread_whereTheJdkHasThem() throws Exception {
    Watching telemetry = new Watching();
    try (ScriptedOrigin users = ScriptedOrigin.start();
        ScriptedOrigin orders = ScriptedOrigin.start()) {
      for (int i = 0; i < REQUESTS; i++) {
        users.onRequest(json("1"));
        orders.onRequest(json("2"));
      }
      try (Gateway gateway =
          new Gateway(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
              url(users, "/"),
              url(orders, "/"),
              telemetry)) {
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpRequest request = HttpRequest.newBuilder(url(gateway.address(), "/profile/7")).build();
        List<CompletableFuture<HttpResponse<String>>> answers =
            IntStream.range(0, REQUESTS)
                .mapToObj(i -> client.sendAsync(request, BodyHandlers.ofString()))
                .toList();
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
          assertThat(answer.get().body()).isEqualTo("{\"user\":1,\"orders\":2}");
        }
      }
    }
    telemetry.recorder.awaitIdle(Duration.ofSeconds(10));
    telemetry.recorder.assertInvariants();
    assertThat(telemetry.recorder.attempts()).hasSize(2 * REQUESTS);
    boolean expected = Runtime.version().feature() >= 21;
    assertThat(telemetry.handlers).isNotEmpty().allMatch(thread -> isVirtual(thread) == expected);
    if (expected) {
      assertThat(telemetry.handlers).as("one for each request").hasSize(REQUESTS);
    }
  }

  /** The tests are compiled for JDK 17. */
  private static boolean isVirtual(Thread thread) {
    try {
      return (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
    } catch (ReflectiveOperationException before21) {
      return false;
    }
  }

  private static OriginScript json(String body) {
    return OriginScript.respond("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + body);
  }

  private static URI url(ScriptedOrigin origin, String path) {
    return url(origin.address(), path);
  }

  private static URI url(InetSocketAddress address, String path) {
    return URI.create("http://127.0.0.1:" + address.getPort() + path);
  }
}
