package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.testing.RawClient;
import io.github.proxytelemetry.testing.RecordedExchange;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;

/** Fixture with an observed Jetty server and a recorder. */
abstract class ServedByJetty {
  static final Duration PATIENCE = Duration.ofSeconds(10);

  final RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
  final JettyTelemetry jetty = JettyTelemetry.create(recorder);
  final Server server = new Server(JettyProxyHost.threads());

  @AfterEach
  final void leavesNothingOpen() throws Exception {
    server.stop();
    recorder.awaitIdle(PATIENCE);
    recorder.assertInvariants();
    recorder.assertNoLateCalls();
  }

  final void serve(ServerConnector connector, Handler handler) throws Exception {
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(handler);
    jetty.install(server).start();
  }

  final RawClient connect() throws IOException {
    int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    return RawClient.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  /** Waits for the only exchange and its tunnel to end. */
  final RecordedExchange only() {
    recorder.awaitUntil(
        "one exchange",
        () ->
            recorder.exchanges().size() == 1
                && recorder.activeExchanges() == 0
                && recorder.activeTunnels() == 0,
        PATIENCE);
    return recorder.exchanges().get(0);
  }
}
