package io.github.proxytelemetry.httpclient;

import java.net.http.HttpClient;
import java.time.Duration;

/**
 * Shutdown methods of {@link HttpClient}, which JDK 21 added. The multi-release jar contains
 * another version of this class for JDK 21 and later.
 */
@SuppressWarnings("DoNotCallSuggester")
final class ClientShutdown {
  static void shutdown(HttpClient client) {
    throw unsupported();
  }

  static boolean awaitTermination(HttpClient client, Duration duration)
      throws InterruptedException {
    throw unsupported();
  }

  static boolean isTerminated(HttpClient client) {
    throw unsupported();
  }

  static void shutdownNow(HttpClient client) {
    throw unsupported();
  }

  static void close(HttpClient client) {
    throw unsupported();
  }

  /** Thrown because returning would silently leave the client running. */
  private static UnsupportedOperationException unsupported() {
    return new UnsupportedOperationException(
        "A wrapped HttpClient can be closed on JDK 21 and later, from the multi-release jar"
            + " proxy-telemetry-httpclient only: keep 'Multi-Release: true' in the manifest when you"
            + " repack it, or close the client that was wrapped.");
  }

  private ClientShutdown() {}
}
