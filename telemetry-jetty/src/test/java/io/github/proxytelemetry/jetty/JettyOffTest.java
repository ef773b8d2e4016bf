package io.github.proxytelemetry.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpClientTransportDynamic;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.DefaultHandler;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.junit.jupiter.api.Test;

class JettyOffTest {
  private final JettyTelemetry off = JettyTelemetry.create(ProxyTelemetry.noop());
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);
  private final Handler handler = new DefaultHandler();

  @Test
  void returnsItsArguments() {
    RequestLog log = (request, response) -> {};
    server.addConnector(connector);
    server.setHandler(handler);
    server.setRequestLog(log);
    var factories = connector.getConnectionFactories();
    var errors = server.getErrorHandler();
    assertThat(off.install(server)).isSameAs(server);
    assertThat(server.getHandler()).isSameAs(handler);
    assertThat(server.getRequestLog()).isSameAs(log);
    assertThat(server.getErrorHandler()).isSameAs(errors);
    assertThat(off.install(connector)).isSameAs(connector);
    assertThat(connector.getConnectionFactories()).containsExactlyElementsOf(factories);
    assertThat(off.wrap(handler)).isSameAs(handler);
    assertThat(off.wrapQueued(handler)).isSameAs(handler);
  }

  @Test
  void leavesAClientAsItIs() throws Exception {
    HttpClientTransportDynamic transport = new HttpClientTransportDynamic();
    SocketAddressResolver resolver = new SocketAddressResolver.Sync();
    TelemetryHttpClient client = new TelemetryHttpClient(transport);
    client.setSocketAddressResolver(resolver);
    assertThat(off.install(client)).isSameAs(client);
    assertThat(client.getHttpClientTransport()).isSameAs(transport);
    assertThat(client.getSocketAddressResolver()).isSameAs(resolver);
    client.start();
    try {
      Request request = client.newRequest("http://origin.test/");
      assertThat(client.resolveDestination(request)).isNotNull();
      assertThat(request.getAttributes()).isEmpty();
    } finally {
      client.stop();
    }
  }

  @Test
  void installsOnce() {
    JettyTelemetry on = JettyTelemetry.create(new RecordingProxyTelemetry());
    Handler observed = on.wrap(handler);
    assertThat(observed).isNotSameAs(handler);
    assertThat(on.wrap(observed)).isSameAs(observed);
    on.install(connector);
    assertThat(on.install(connector)).isSameAs(connector);
    assertThat(connector.getConnectionFactories())
        .filteredOn(ObservedConnectionFactory.class::isInstance)
        .hasSize(1);
    TelemetryHttpClient client = new TelemetryHttpClient();
    client.setSocketAddressResolver(new SocketAddressResolver.Sync());
    assertThat(on.install(client)).isSameAs(client);
    SocketAddressResolver observing = client.getSocketAddressResolver();
    assertThat(observing).isInstanceOf(ObservedAddressResolver.class);
    assertThat(on.install(client).getSocketAddressResolver()).isSameAs(observing);
  }

  @Test
  void registersNoGauge_whenOff() {
    off.poolGauges(
        server,
        (name, unit, value) -> {
          throw new AssertionError(name);
        });
  }

  @Test
  void refusesAClient_thatHasStarted() throws Exception {
    TelemetryHttpClient client = new TelemetryHttpClient();
    client.start();
    try {
      assertThat(off.install(client)).isSameAs(client);
      JettyTelemetry on = JettyTelemetry.create(new RecordingProxyTelemetry());
      assertThatThrownBy(() -> on.install(client))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("STARTED");
    } finally {
      client.stop();
    }
  }

  @Test
  void registersGaugesOfPools() throws Exception {
    Map<String, LongSupplier> gauges = new LinkedHashMap<>();
    JettyTelemetry on = JettyTelemetry.create(new RecordingProxyTelemetry());
    on.poolGauges(server, (name, unit, value) -> gauges.put(name, value));
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
