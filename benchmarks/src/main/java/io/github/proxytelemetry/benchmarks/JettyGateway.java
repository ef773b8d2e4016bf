package io.github.proxytelemetry.benchmarks;

import io.github.proxytelemetry.jetty.JettyTelemetry;
import io.github.proxytelemetry.jetty.TelemetryHttpClient;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.jetty12.client.JettyClientMetrics;
import io.micrometer.jetty12.server.TimedHandler;
import io.opentelemetry.instrumentation.jetty.httpclient.v12_0.JettyClientTelemetry;
import java.net.InetAddress;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A reverse proxy of Jetty's own. Micrometer sees both of its legs; OpenTelemetry has a library for
 * the client only.
 */
final class JettyGateway implements ProxyHost {
  private final String mode;
  private final Recorder recorder;
  private final JettyTelemetry jetty;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Server server = new Server(new QueuedThreadPool(THREADS));
  private final ServerConnector connector = new ServerConnector(server);

  JettyGateway(String mode, int origin) throws Exception {
    this.mode = mode;
    this.recorder = Recorder.of(mode);
    this.jetty = JettyTelemetry.create(recorder.telemetry());
    connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
    server.addConnector(connector);
    server.setHandler(new Forward(origin));
    observeServer();
    server.start();
  }

  @Override
  public int http1() {
    return connector.getLocalPort();
  }

  @Override
  public void verify(long requests, long tunnels) {
    if (mode.equals("peerMicrometer")) {
      verifyTimers("jetty.server.requests", requests, requests);
      // It listens for the end once a request is queued, when another thread may have ended it.
      verifyTimers("jetty.client.requests", requests * 99 / 100, requests);
    } else {
      recorder.verifyGateway(mode, requests);
    }
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the server did not stop", e);
    } finally {
      recorder.close();
    }
  }

  private void observeServer() {
    if (mode.equals("peerMicrometer")) {
      TimedHandler timed = new TimedHandler(registry, Tags.empty());
      timed.setHandler(server.getHandler());
      server.setHandler(timed);
    } else if (!mode.startsWith("client")) {
      jetty.install(server);
    }
  }

  private HttpClient client() {
    return switch (mode) {
      case "none", "control" -> new HttpClient();
      case "peerMicrometer" -> {
        HttpClient client = new HttpClient();
        client
            .getRequestListeners()
            .addListener(
                JettyClientMetrics.builder(registry, (request, result) -> "/users/{id}").build());
        yield client;
      }
      case "peerMetrics", "peerRatio1", "peerRatio100" ->
          JettyClientTelemetry.create(recorder.openTelemetry()).getHttpClient();
      default -> jetty.install(new TelemetryHttpClient());
    };
  }

  private void verifyTimers(String name, long least, long most) {
    long counted = registry.find(name).timers().stream().mapToLong(Timer::count).sum();
    Instrumentation.require(
        counted >= least && counted <= most, name + ": " + counted + " of " + most);
  }

  private final class Forward extends ProxyHandler.Reverse {
    Forward(int origin) {
      super(
          request ->
              HttpURI.build(request.getHttpURI())
                  .scheme("http")
                  .authority("127.0.0.1", origin)
                  .asImmutable());
    }

    @Override
    protected HttpClient newHttpClient() {
      return client();
    }
  }
}
