package io.github.proxytelemetry.httpclient;

import java.net.http.HttpClient;
import java.time.Duration;

/**
 * How a client ends, which is known since JDK 21. The jar holds another version of this class for
 * it.
 */
@SuppressWarnings("DoNotCallSuggester")
final class Lifecycle {
  static void shutdown(HttpClient client) {
    throw lost();
  }

  static boolean awaitTermination(HttpClient client, Duration duration)
      throws InterruptedException {
    throw lost();
  }

  static boolean isTerminated(HttpClient client) {
    throw lost();
  }

  static void shutdownNow(HttpClient client) {
    throw lost();
  }

  static void close(HttpClient client) {
    throw lost();
  }

  /** To return would leave the client running, and nobody would know. */
  private static UnsupportedOperationException lost() {
    return new UnsupportedOperationException(
        "A wrapped HttpClient can be closed on JDK 21 and later, from the multi-release jar"
            + " proxy-telemetry-httpclient only: keep 'Multi-Release: true' in the manifest when you"
            + " repack it, or close the client that was wrapped.");
  }

  private Lifecycle() {}
}
