package io.github.proxytelemetry.httpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.github.proxytelemetry.testing.RecordedAttempt;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.github.proxytelemetry.testing.Terminal;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VirtualThreadsTest {
  private static final int CALLS = 1000;

  @TempDir Path directory;

  @Test
  void reportsAThousandConcurrentCalls_andPinsNoThread() throws Exception {
    assumeTrue(Threads.areVirtual(), "virtual threads came with JDK 21");
    RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
    ExecutorService serving = Executors.newFixedThreadPool(4);
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), CALLS);
    server.setExecutor(serving);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          // The server keeps 200 idle connections; it might close others while a call acquires
          // them.
          exchange.getResponseHeaders().set("Connection", "close");
          exchange.sendResponseHeaders(200, body.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
    server.start();
    Path events = directory.resolve("events.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("jdk.VirtualThreadPinned").withoutThreshold().withStackTrace();
      recording.start();
      call(recorder, server.getAddress().getPort());
      recording.dump(events);
    } finally {
      server.stop(0);
      serving.shutdownNow();
    }
    recorder.awaitIdle(Duration.ofSeconds(10));
    recorder.assertInvariants();
    List<RecordedAttempt> attempts = recorder.attempts();
    assertThat(attempts)
        .hasSize(CALLS)
        .allMatch(attempt -> attempt.terminal() == Terminal.ENDED && attempt.status() == 200);
    assertThat(attempts.stream().mapToLong(RecordedAttempt::requestBytes).sum())
        .isEqualTo(5L * CALLS);
    assertThat(attempts.stream().mapToLong(RecordedAttempt::responseBytes).sum())
        .isEqualTo(5L * CALLS);
    assertThat(Files.size(events)).isPositive();
    assertThat(RecordingFile.readAllEvents(events))
        .filteredOn(VirtualThreadsTest::isOurs)
        .isEmpty();
  }

  private static void call(RecordingProxyTelemetry recorder, int port) throws Exception {
    HttpClient client = HttpClientTelemetry.create(recorder).wrap(HttpClient.newHttpClient());
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port))
            .version(HttpClient.Version.HTTP_1_1)
            .POST(BodyPublishers.ofString("hello"))
            .build();
    ExecutorService threads = Threads.perTask();
    List<Future<String>> bodies = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      bodies.add(threads.submit(() -> client.send(request, BodyHandlers.ofString()).body()));
    }
    for (Future<String> body : bodies) {
      assertThat(body.get()).isEqualTo("hello");
    }
    threads.shutdown();
  }

  /** Warm-up: class loading and initialization of the JDK may pin a thread. */
  private static boolean isOurs(RecordedEvent event) {
    return event.getEventType().getName().equals("jdk.VirtualThreadPinned")
        && event.getStackTrace() != null
        && event.getStackTrace().getFrames().stream()
            .anyMatch(
                frame ->
                    frame
                        .getMethod()
                        .getType()
                        .getName()
                        .startsWith("io.github.proxytelemetry.httpclient.Observed"));
  }
}
