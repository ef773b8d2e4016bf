package io.github.proxytelemetry.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;

/** Kind of traffic, and the generator that makes it. */
enum Scenario {
  H1_32("h1-32", "HTTP/1.1, 32 connections") {
    @Override
    Load run(ProxyProcess proxy, Duration duration) throws IOException, InterruptedException {
      return LoadPrograms.wrk(proxy.http1(), duration, 32);
    }
  },
  H1_1("h1-1", "HTTP/1.1, 1 connection") {
    @Override
    Load run(ProxyProcess proxy, Duration duration) throws IOException, InterruptedException {
      return LoadPrograms.wrk(proxy.http1(), duration, 1);
    }
  },
  H1_256("h1-256", "HTTP/1.1, 256 connections") {
    @Override
    Load run(ProxyProcess proxy, Duration duration) throws IOException, InterruptedException {
      return LoadPrograms.wrk(proxy.http1(), duration, 256);
    }
  },
  H2("h2", "HTTP/2, 2 connections of 16 streams") {
    @Override
    Load run(ProxyProcess proxy, Duration duration) throws IOException, InterruptedException {
      return LoadPrograms.h2load(proxy.http2(), duration, 2, 16);
    }
  },
  TUNNELS("tunnels", "CONNECT: a tunnel a request, 32 at a time") {
    @Override
    Load run(ProxyProcess proxy, Duration duration) throws InterruptedException {
      return proxy.openTunnels(duration, 32);
    }
  },
  CONNECTIONS("connections", "HTTP/1.1, a new connection a request, 32 at a time") {
    @Override
    Load run(ProxyProcess proxy, Duration duration) throws IOException, InterruptedException {
      return LoadPrograms.wrk(proxy.http1(), duration, 32, "Connection: close");
    }
  };

  private final String key;
  private final String title;

  Scenario(String key, String title) {
    this.key = key;
    this.title = title;
  }

  static Scenario of(String key) {
    return Stream.of(values()).filter(value -> value.key.equals(key)).findFirst().orElseThrow();
  }

  abstract Load run(ProxyProcess proxy, Duration duration) throws IOException, InterruptedException;

  String key() {
    return key;
  }

  String title() {
    return title;
  }
}
