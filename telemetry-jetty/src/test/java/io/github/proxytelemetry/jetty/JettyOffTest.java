package io.github.proxytelemetry.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpClientTransportDynamic;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.DefaultHandler;
import org.junit.jupiter.api.Test;

class JettyOffTest {
  private final JettyTelemetry off = JettyTelemetry.create(ProxyTelemetry.noop());
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);
  private final Handler handler = new DefaultHandler();

  @Test
  void givesBackWhatItIsGiven() {
    RequestLog log = (request, response) -> {};
    server.addConnector(connector);
    server.setHandler(handler);
    server.setRequestLog(log);
    var factories = connector.getConnectionFactories();
    var errors = server.getErrorHandler();
    assertThat(off.instrument(server)).isSameAs(server);
    assertThat(server.getHandler()).isSameAs(handler);
    assertThat(server.getRequestLog()).isSameAs(log);
    assertThat(server.getErrorHandler()).isSameAs(errors);
    assertThat(off.instrument(connector)).isSameAs(connector);
    assertThat(connector.getConnectionFactories()).containsExactlyElementsOf(factories);
    assertThat(off.instrument(handler)).isSameAs(handler);
    assertThat(off.afterQueue(handler)).isSameAs(handler);
  }

  /** A client is made for its transport, so there is none to give back. */
  @Test
  void makesAnOrdinaryClient() {
    HttpClientTransportDynamic transport = new HttpClientTransportDynamic();
    HttpClient client = off.newHttpClient(transport);
    assertThat(client.getClass()).isSameAs(HttpClient.class);
    assertThat(client.getHttpClientTransport()).isSameAs(transport);
  }

  @Test
  void installsOnce() {
    JettyTelemetry on = JettyTelemetry.create(new RecordingProxyTelemetry());
    Handler observed = on.instrument(handler);
    assertThat(observed).isNotSameAs(handler);
    assertThat(on.instrument(observed)).isSameAs(observed);
    on.instrument(connector);
    assertThat(on.instrument(connector)).isSameAs(connector);
    assertThat(connector.getConnectionFactories())
        .filteredOn(ObservedConnectionFactory.class::isInstance)
        .hasSize(1);
  }

  @Test
  void tellsTheStateOfPools() throws Exception {
    Map<String, LongSupplier> gauges = new LinkedHashMap<>();
    PoolGauges.of(server, (name, unit, value) -> gauges.put(name, value));
    assertThat(gauges)
        .containsOnlyKeys(
            "jetty_threads",
            "jetty_idle_threads",
            "jetty_queued_jobs",
            "jetty_direct_buffer_bytes",
            "jetty_heap_buffer_bytes");
    server.getByteBufferPool().acquire(4096, true).release();
    assertThat(gauges.get("jetty_direct_buffer_bytes").getAsLong()).isEqualTo(4096);
    server.start();
    assertThat(gauges.get("jetty_threads").getAsLong()).isPositive();
    server.stop();
  }
}
