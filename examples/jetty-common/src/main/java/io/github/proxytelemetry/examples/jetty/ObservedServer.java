package io.github.proxytelemetry.examples.jetty;

import io.github.proxytelemetry.jetty.JettyTelemetry;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.BiFunction;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A server on loopback and its telemetry, started together and stopped in the right order. */
public final class ObservedServer implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";
  private static final Duration FLUSH_LIMIT = Duration.ofSeconds(5);

  private final ProxyTelemetrySdk telemetry;
  private final Server server = new Server();
  private final ServerConnector connector;

  private ObservedServer(ProxyTelemetrySdk telemetry) {
    this.telemetry = telemetry;
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    connector =
        new ServerConnector(
            server, new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http));
  }

  /**
   * Starts both.
   *
   * @param name what the proxy calls itself in telemetry
   * @param port where clients come in; 0 takes a free one
   * @param metricsPort where Prometheus scrapes; 0 takes a free one
   * @param wiring makes the server's handler
   * @throws Exception if a port is taken
   */
  public static ObservedServer start(
      String name, int port, int metricsPort, BiFunction<Server, JettyTelemetry, Handler> wiring)
      throws Exception {
    ObservedServer observed =
        new ObservedServer(
            ProxyTelemetrySdk.builder(name).prometheus(LOOPBACK, metricsPort).build());
    try {
      observed.start(port, wiring);
      return observed;
    } catch (Exception e) {
      observed.close();
      throw e;
    }
  }

  /** Where clients come in. */
  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), connector.getLocalPort());
  }

  /** Where Prometheus scrapes. */
  public InetSocketAddress metricsAddress() {
    return telemetry.prometheusAddress("prometheus");
  }

  /** Says where it listens, and stops on Ctrl-C or SIGTERM. */
  public void run() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    System.out.println("proxy on " + text(address()));
    System.out.println("metrics on http://" + text(metricsAddress()) + "/metrics");
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the server did not stop", e);
    } finally {
      telemetry.close(FLUSH_LIMIT);
    }
  }

  private void start(int port, BiFunction<Server, JettyTelemetry, Handler> wiring)
      throws Exception {
    connector.setHost(LOOPBACK);
    connector.setPort(port);
    server.addConnector(connector);
    JettyTelemetry jetty = JettyTelemetry.create(telemetry);
    server.setHandler(wiring.apply(server, jetty));
    jetty.install(server);
    jetty.poolGauges(server, telemetry::gauge);
    server.start();
  }

  private static String text(InetSocketAddress address) {
    return address.getHostString() + ':' + address.getPort();
  }
}
