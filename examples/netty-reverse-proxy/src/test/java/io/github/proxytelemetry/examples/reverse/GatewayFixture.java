package io.github.proxytelemetry.examples.reverse;

import io.github.proxytelemetry.examples.common.RunningProxy;
import io.github.proxytelemetry.testbed.RawClient;
import io.github.proxytelemetry.testbed.Scrape;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The example, started as from its command line. */
final class GatewayFixture implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(20);

  final RunningProxy proxy;

  private GatewayFixture(RunningProxy proxy) {
    this.proxy = proxy;
  }

  /**
   * Starts one.
   *
   * @param upstreams their addresses, with commas between them
   */
  static GatewayFixture start(String upstreams, String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.addAll(
        List.of("--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0", "--upstreams", upstreams));
    return new GatewayFixture(
        ReverseProxy.start(GatewayOptions.parse(Map.of(), arguments.toArray(String[]::new))));
  }

  RawClient client() throws IOException {
    return new RawClient(proxy.address());
  }

  String authority() {
    return "127.0.0.1:" + proxy.address().getPort();
  }

  Scrape await(Predicate<Scrape> condition) throws Exception {
    return Scrape.await(proxy.metricsAddress(), LIMIT, condition);
  }

  /** Waits until nothing is active any more. */
  Scrape awaitIdle() throws Exception {
    return await(Scrape::isIdle);
  }

  /** How many requests came in by that version of HTTP and were answered with that status. */
  static double requests(Scrape scrape, String protocol, int status) {
    return scrape.samples().entrySet().stream()
        .filter(sample -> sample.getKey().startsWith("http_server_request_duration_seconds_count{"))
        .filter(sample -> sample.getKey().contains("network_protocol_version=\"" + protocol + "\""))
        .filter(sample -> sample.getKey().contains("http_response_status_code=\"" + status + "\""))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  @Override
  public void close() {
    proxy.close();
  }
}
