package io.github.proxytelemetry.docs;

import io.github.proxytelemetry.ProxyTelemetry;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Placeholder for the reader's own proxy. */
abstract class MyProxy {
  @SuppressWarnings("DoNotCallSuggester") // A sample, which is only compiled.
  static MyProxy start(
      ProxyTelemetry telemetry, String originHost, int originPort, Duration upstreamTimeout) {
    throw new UnsupportedOperationException("a sample");
  }

  abstract InetSocketAddress address();

  abstract void stop() throws Exception;
}
