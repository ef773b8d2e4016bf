package io.github.proxytelemetry.examples.netty;

import io.github.proxytelemetry.examples.common.RunningProxy;
import io.github.proxytelemetry.testbed.FreePort;
import io.github.proxytelemetry.testbed.RawClient;
import io.github.proxytelemetry.testbed.Scrape;
import io.github.proxytelemetry.testbed.TestOrigin;
import io.github.proxytelemetry.testbed.TlsFixture;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The example, started as from its command line, between a client and two real origins. */
final class ProxyFixture implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(20);
  static final String BLOCKED = "blocked.test";

  final TestOrigin origin;
  final TestOrigin tlsOrigin;
  final TlsFixture tls;
  final RunningProxy proxy;

  private ProxyFixture(
      TestOrigin origin, TestOrigin tlsOrigin, TlsFixture tls, RunningProxy proxy) {
    this.origin = origin;
    this.tlsOrigin = tlsOrigin;
    this.tls = tls;
    this.proxy = proxy;
  }

  static ProxyFixture start(String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.addAll(
        List.of("--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0", "--block", BLOCKED));
    ProxyOptions options = ProxyOptions.parse(Map.of(), arguments.toArray(String[]::new));
    TlsFixture tls = TlsFixture.create();
    return new ProxyFixture(
        TestOrigin.start(), TestOrigin.start(tls), tls, ForwardProxy.start(options));
  }

  RawClient client() throws IOException {
    return new RawClient(proxy.address());
  }

  String url(String path) {
    return "http://" + origin.authority() + path;
  }

  /** A URL that nobody answers. */
  static String refused() throws IOException {
    return "http://127.0.0.1:" + FreePort.next() + "/";
  }

  /** Does one GET over a connection of its own. */
  int get(String url) throws IOException {
    try (RawClient client = client()) {
      return client.get(url).status();
    }
  }

  /** Does one GET of the TLS origin's through a tunnel of its own. */
  int getThroughTunnel(String path) throws Exception {
    try (RawClient client = client()) {
      int status = client.connect(tlsOrigin.authority()).status();
      if (status == 200) {
        client.startTls(tls.client());
        client.get(path);
      }
      return status;
    }
  }

  Scrape scrape() throws Exception {
    return Scrape.of(proxy.metricsAddress());
  }

  Scrape await(Predicate<Scrape> condition) throws Exception {
    return Scrape.await(proxy.metricsAddress(), LIMIT, condition);
  }

  /** Waits until nothing is active any more. */
  Scrape awaitIdle() throws Exception {
    return await(Scrape::isIdle);
  }

  @Override
  public void close() {
    proxy.close();
    origin.close();
    tlsOrigin.close();
  }
}
