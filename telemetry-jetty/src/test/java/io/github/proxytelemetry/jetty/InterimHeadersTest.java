package io.github.proxytelemetry.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.testing.RawClient;
import io.github.proxytelemetry.testing.RawMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

/** Interim response whose headers the back end changes, though the host's are immutable. */
class InterimHeadersTest {
  private static final HttpFields HINTS =
      HttpFields.build().put("Link", "</a>").put("traceparent", "00-a").asImmutable();

  @Test
  void letsTheBackEndRemoveAHeader() throws Exception {
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            var unused =
                response
                    .writeInterim(103, HINTS)
                    .whenComplete((written, failure) -> callback.succeeded());
            return true;
          }
        });
    // On the handler alone: connections of this back end would have exchanges of their own.
    server.setHandler(JettyTelemetry.create(new Removing()).wrap(server.getHandler()));
    server.start();
    try (RawClient client =
        RawClient.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), connector.getLocalPort()))) {
      client.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
      RawMessage interim = client.readHead();
      assertThat(interim.status()).isEqualTo(103);
      assertThat(interim.headers("Link")).containsExactly("</a>");
      assertThat(interim.headers("traceparent")).isEmpty();
      assertThat(client.readResponse().status()).isEqualTo(200);
    } finally {
      server.stop();
    }
  }

  private static final class Removing implements ProxyTelemetry {
    @Override
    public ExchangeObservation startExchange(RequestInfo request, long receivedNanos) {
      return new ExchangeObservation() {
        @Override
        public <C> void informational(int status, C headers, HeaderAccess<C> access) {
          access.remove(headers, "traceparent");
        }
      };
    }
  }
}
