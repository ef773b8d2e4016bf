package io.github.proxytelemetry.hosts.javaagent;

import io.github.proxytelemetry.ProxyTelemetry;

/** A reverse proxy on a free port. */
interface Proxy extends AutoCloseable {
  int port();

  @Override
  void close();

  /** A kind of proxy, by the library that it is built on. */
  enum Kind {
    NETTY,
    JETTY,
    JDK;

    Proxy start(ProxyTelemetry telemetry, String origin) throws Exception {
      return switch (this) {
        case NETTY -> new NettyProxy(telemetry, origin);
        case JETTY -> new JettyProxy(telemetry, origin);
        case JDK -> new JdkProxy(telemetry, origin);
      };
    }
  }
}
