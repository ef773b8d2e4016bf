package io.github.proxytelemetry.examples.netty;

import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.examples.common.RunningProxy;
import io.github.proxytelemetry.sdk.OtlpOptions;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.github.proxytelemetry.testbed.FreePort;
import io.github.proxytelemetry.testbed.RawClient;
import io.github.proxytelemetry.testbed.TestOrigin;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Replicas of one proxy, which are set up alike and export to one receiver. */
final class Fleet implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(500);
  private static final ProxyOptions OPTIONS =
      ProxyOptions.parse(Map.of(), "--listen", "127.0.0.1:0", "--block", ProxyFixture.BLOCKED);

  private final String endpoint;
  private final Consumer<OtlpOptions> options;
  private final TestOrigin origin = TestOrigin.start();
  private final List<RunningProxy> replicas = new ArrayList<>();

  /** Starts so many. */
  static Fleet of(int replicas, String endpoint, Consumer<OtlpOptions> options)
      throws IOException, InterruptedException {
    Fleet fleet = new Fleet(endpoint, options);
    for (int i = 0; i < replicas; i++) {
      fleet.replicas.add(fleet.startReplica());
    }
    return fleet;
  }

  private Fleet(String endpoint, Consumer<OtlpOptions> options) throws IOException {
    this.endpoint = endpoint;
    this.options = options;
  }

  ProxyTelemetrySdk telemetry(int replica) {
    return replicas.get(replica).telemetry();
  }

  /** Sends requests to one replica, each over a connection of its own. */
  void get(int replica, int requests, String... headers) throws IOException {
    send(replica, requests, "http://" + origin.authority() + "/hello", headers);
  }

  /** Sends requests that the replica answers with 502. */
  void getRefused(int replica, int requests, String... headers) throws IOException {
    send(replica, requests, "http://127.0.0.1:" + FreePort.next() + "/", headers);
  }

  /** Stops a replica, and starts another in its place. */
  void restart(int replica) throws IOException, InterruptedException {
    replicas.get(replica).stop();
    replicas.set(replica, startReplica());
  }

  @Override
  public void close() {
    replicas.forEach(RunningProxy::close);
    origin.close();
  }

  private void send(int replica, int requests, String url, String... headers) throws IOException {
    for (int i = 0; i < requests; i++) {
      try (RawClient client = new RawClient(replicas.get(replica).address())) {
        client.get(url, headers);
      }
    }
  }

  private RunningProxy startReplica() throws IOException, InterruptedException {
    ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("edge-proxy")
            .otlp(endpoint, options)
            .metricInterval(INTERVAL)
            .sampling(Sampling.always())
            .build();
    return RunningProxy.start(telemetry, proxy -> new ForwardProxy(OPTIONS, proxy));
  }
}
