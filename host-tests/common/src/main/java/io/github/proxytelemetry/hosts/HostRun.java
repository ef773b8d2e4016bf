package io.github.proxytelemetry.hosts;

import io.github.proxytelemetry.ProxyTelemetry;
import java.util.List;
import java.util.Map;

/**
 * Result of one script on one host.
 *
 * @param received what the client received
 * @param arrived what the origin received, sorted, without trace headers
 * @param statuses the number of final responses by status
 * @param timed the number of Server-Timing headers that the client received
 * @param log warnings of this library, and exceptions from its code
 */
record HostRun(
    List<String> received,
    List<String> arrived,
    Map<Integer, Integer> statuses,
    int timed,
    List<String> log) {

  static HostRun of(Host host, boolean forward, ProxyTelemetry telemetry, ClientScript.Play script)
      throws Exception {
    try (HostLog log = new HostLog();
        HostOrigin origin = new HostOrigin()) {
      ClientScript client;
      try (Host.Running proxy = host.start(telemetry, origin.address())) {
        client = new ClientScript(proxy.address(), origin.address(), forward);
        script.on(client);
      }
      return new HostRun(
          client.received(), origin.requests(), client.statuses(), client.timed(), log.records());
    }
  }
}
