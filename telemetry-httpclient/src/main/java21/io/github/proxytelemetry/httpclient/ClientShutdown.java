package io.github.proxytelemetry.httpclient;

import java.net.http.HttpClient;
import java.time.Duration;

/** Shutdown methods of {@link HttpClient}, for JDK 21 and later. */
final class ClientShutdown {
  static void shutdown(HttpClient client) {
    client.shutdown();
  }

  static boolean awaitTermination(HttpClient client, Duration duration)
      throws InterruptedException {
    return client.awaitTermination(duration);
  }

  static boolean isTerminated(HttpClient client) {
    return client.isTerminated();
  }

  static void shutdownNow(HttpClient client) {
    client.shutdownNow();
  }

  static void close(HttpClient client) {
    client.close();
  }

  private ClientShutdown() {}
}
