package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.testing.NullArguments;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import java.lang.reflect.Proxy;
import java.util.function.Function;
import java.util.stream.Stream;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.DefaultHandler;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Null is a mistake of the host's that none of its users may notice. */
class JettyNullsTest {
  private final HttpClient client = new HttpClient();
  private final Server server = new Server();

  static Stream<ProxyTelemetry> onAndOff() {
    return Stream.of(new RecordingProxyTelemetry(), ProxyTelemetry.noop());
  }

  @ParameterizedTest
  @MethodSource("onAndOff")
  void ignoresNull_inEveryCallOfARequest(ProxyTelemetry telemetry) {
    NullArguments.of(JettyTelemetry.class)
        .value(ProxyTelemetry.class, RecordingProxyTelemetry::new)
        .value(Function.class, Function::identity)
        .value(Request.class, JettyNullsTest::request)
        .value(
            org.eclipse.jetty.client.Request.class, () -> client.newRequest("http://origin.test/"))
        .value(Server.class, Server::new)
        .value(AbstractConnector.class, () -> new ServerConnector(server))
        .value(TelemetryHttpClient.class, TelemetryHttpClient::new)
        .value(Handler.class, DefaultHandler::new)
        .value(JettyTelemetry.GaugeRegistry.class, () -> (name, unit, value) -> {})
        .value(Throwable.class, IllegalStateException::new)
        .failsFast("create(ProxyTelemetry)")
        .failsFast("create(ProxyTelemetry, Function)")
        .failsFast("install(Server)")
        .failsFast("install(AbstractConnector)")
        .failsFast("install(TelemetryHttpClient)")
        .failsFast("wrapQueued(Handler)")
        .failsFast("poolGauges(Server, GaugeRegistry)")
        .check(() -> JettyTelemetry.create(telemetry));
  }

  /** One that is only kept: nothing is asked of it. */
  private static Request request() {
    return (Request)
        Proxy.newProxyInstance(
            Request.class.getClassLoader(),
            new Class<?>[] {Request.class},
            (proxy, method, arguments) -> {
              throw new AssertionError(method);
            });
  }
}
