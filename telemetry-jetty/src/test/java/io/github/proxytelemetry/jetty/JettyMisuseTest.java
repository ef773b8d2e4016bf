package io.github.proxytelemetry.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.DefaultHandler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that was installed before it was complete is told when it starts. */
class JettyMisuseTest {
  private static final Logger LOGGER = Logger.getLogger(JettyTelemetry.class.getName());

  private final JettyTelemetry jetty = JettyTelemetry.create(new RecordingProxyTelemetry());
  private final Server server = new Server();
  private final Lines lines = new Lines();

  @BeforeEach
  void listen() {
    LOGGER.addHandler(lines);
  }

  @AfterEach
  void stop() throws Exception {
    LOGGER.removeHandler(lines);
    server.stop();
  }

  @Test
  void warnsOfAHandler_thatIsSetLater() throws Exception {
    server.addConnector(new ServerConnector(server));
    jetty.install(server);
    server.setHandler(new DefaultHandler());
    server.start();
    assertThat(lines.messages)
        .singleElement()
        .asString()
        .contains("Requests are not observed", "install(server)");
  }

  @Test
  void warnsOnce_ofConnectorsThatAreAddedLater() throws Exception {
    server.setHandler(new DefaultHandler());
    jetty.install(server);
    server.addConnector(new ServerConnector(server));
    server.addConnector(new ServerConnector(server));
    server.start();
    assertThat(lines.messages)
        .singleElement()
        .asString()
        .contains("Connections are not observed", "install(connector)");
  }

  @Test
  void saysNothing_ofWhatIsInstalledInAnotherOrder() throws Exception {
    server.setHandler(new DefaultHandler());
    jetty.install(server);
    server.addConnector(jetty.install(new ServerConnector(server)));
    // Jetty's own way to put a handler around all others.
    server.insertHandler(new GracefulHandler());
    server.start();
    assertThat(lines.messages).isEmpty();
  }

  private static final class Lines extends Handler {
    private final List<String> messages = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord line) {
      messages.add(line.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
