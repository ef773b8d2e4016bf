package io.github.proxytelemetry.hosts.javaagent;

import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.otel.Layers;
import io.github.proxytelemetry.otel.OtelProxyTelemetry;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.opentelemetry.api.GlobalOpenTelemetry;

/** A proxy in a process of its own, which runs until its input ends. */
final class Main {
  /** Whose OpenTelemetry it records into. */
  enum Owner {
    OURS,
    AGENT
  }

  /** Takes the owner, the kind of proxy, the origin as host:port, and the collector's URL. */
  public static void main(String... arguments) throws Exception {
    Proxy.Kind kind = Proxy.Kind.valueOf(arguments[1]);
    if (Owner.valueOf(arguments[0]) == Owner.AGENT) {
      run(kind, ofAgent(), arguments[2]);
    } else {
      try (ProxyTelemetrySdk telemetry = ours(arguments[3])) {
        run(kind, telemetry, arguments[2]);
      }
    }
  }

  static ProxyTelemetrySdk ours(String collector) {
    return ProxyTelemetrySdk.builder("proxy")
        .otlp(collector, otlp -> otlp.http())
        .sampling(Sampling.always())
        .build();
  }

  static ProxyTelemetry ofAgent() {
    return OtelProxyTelemetry.builder(GlobalOpenTelemetry.get())
        .naming(MetricNaming.SEMCONV)
        .layers(Layers.builder().metrics(Group.GLOBAL).build())
        .build();
  }

  private static void run(Proxy.Kind kind, ProxyTelemetry telemetry, String origin)
      throws Exception {
    try (Proxy proxy = kind.start(telemetry, origin)) {
      System.out.println("port " + proxy.port());
      while (System.in.read() >= 0) {
        // Lives as long as the test that started it.
      }
    }
  }

  private Main() {}
}
