package io.github.proxytelemetry.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Kind of proxy that {@link WholeProxy} measures, with the modes and the traffic that it has. */
enum Host {
  NETTY,
  JETTY,
  JDK;

  private static final List<String> OURS =
      List.of("control", "off", "metrics", "ratio1", "ratio100", "layers");

  static Host of(String key) {
    return Stream.of(values())
        .filter(host -> host.key().equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "host: was \"" + key + "\"; expected netty, jetty or jdk"));
  }

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  ProxyHost start(String mode, int origin) throws Exception {
    return switch (this) {
      case NETTY -> new NettyProxy(Instrumentation.start(mode), origin);
      case JETTY -> new JettyGateway(mode, origin);
      case JDK -> new JdkGateway(mode, origin);
    };
  }

  /** Where a peer sees the upstream leg only, ours on that leg alone stands beside it. */
  List<String> modes() {
    Stream<String> peers =
        this == NETTY
            ? Stream.of("peerMetrics", "peerRatio1", "peerRatio100")
            : Stream.of(
                "peerMicrometer",
                "clientMetrics",
                "peerMetrics",
                "peerRatio1",
                "clientRatio100",
                "peerRatio100");
    return Stream.concat(OURS.stream(), peers).toList();
  }

  /** The other two have no HTTP/2 here, and open no tunnels. */
  List<String> scenarios() {
    Stream<Scenario> possible =
        this == NETTY
            ? Stream.of(Scenario.values())
            : Stream.of(Scenario.H1_32, Scenario.H1_1, Scenario.H1_256, Scenario.CONNECTIONS);
    return possible.map(Scenario::key).toList();
  }
}
