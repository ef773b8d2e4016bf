package io.github.proxytelemetry.httpclient;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.github.proxytelemetry.testing.ScriptedOrigin;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Cancellation and interruption of a wrapped client against those of the plain one. */
class CancellationDifferentialTest {
  @Test
  void cancelsAlike() throws Exception {
    RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
    assertThat(cancel(HttpClientTelemetry.create(recorder).wrap(HttpClient.newHttpClient())))
        .isEqualTo(cancel(HttpClient.newHttpClient()));
    recorder.awaitIdle(Differential.TIMEOUT);
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
          client.sendAsync(Differential.request(origin, "/").build(), BodyHandlers.ofString());
      origin.awaitRequests(1);
      boolean cancelled = future.cancel(true);
      assertThat(gone.await(10, TimeUnit.SECONDS)).as("the connection is given up").isTrue();
      try {
        future.join();
        return "not cancelled";
      } catch (CancellationException | CompletionException thrown) {
        // The JDK cancels the request and its future in either order.
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
    recorder.awaitIdle(Differential.TIMEOUT);
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
                  client.send(Differential.request(origin, "/").build(), BodyHandlers.ofString());
                } catch (IOException | InterruptedException thrown) {
                  seen.set(Differential.chain(thrown) + Thread.currentThread().isInterrupted());
                }
              });
      sender.start();
      origin.awaitRequests(1);
      sender.interrupt();
      sender.join();
      return seen.get();
    }
  }
}
