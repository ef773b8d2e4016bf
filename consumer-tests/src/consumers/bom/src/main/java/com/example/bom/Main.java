package com.example.bom;

import io.github.proxytelemetry.console.ConsoleServer;
import io.github.proxytelemetry.httpclient.HttpClientTelemetry;
import io.github.proxytelemetry.jetty.JettyTelemetry;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;

/** A host with everything, the optional libraries included. */
public final class Main {
  public static void main(String[] args) {
    try (ProxyTelemetrySdk telemetry =
            ProxyTelemetrySdk.builder("consumer")
                .prometheus("127.0.0.1", 0, options -> options.jvmMetrics(true))
                .liveView()
                .build();
        ConsoleServer console = ConsoleServer.start(telemetry, 0)) {
      NettyTelemetry.create(telemetry);
      JettyTelemetry.create(telemetry);
      HttpClientTelemetry.create(telemetry);
      if (!console.url().startsWith("http://127.0.0.1:")) {
        throw new AssertionError(console.url());
      }
    }
    System.out.println(new RecordingProxyTelemetry().isEnabled());
  }
}
