package io.github.proxytelemetry.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testing.RawClient;
import io.github.proxytelemetry.testing.RecordedExchange;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

/** Response head above Jetty's limit, which it does not send. */
class LargeHeadTest extends ServedByJetty {
  @Test
  void reportsTheErrorPage_thatReplacesTheHead() throws Exception {
    serve(new ServerConnector(server), largeHead());
    try (RawClient client = connect()) {
      client.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(client.readResponse().status()).isEqualTo(500);
    }
    RecordedExchange exchange = only();
    assertThat(exchange.status()).as("%s", exchange).isEqualTo(500);
    assertThat(exchange.blame()).as("%s", exchange).hasToString("PROXY PROXY_INTERNAL_ERROR");
  }

  private static Handler largeHead() {
    return new Handler.Abstract() {
      @Override
      public boolean handle(Request request, Response response, Callback callback) {
        response.getHeaders().put("X-Large", "x".repeat(100_000));
        callback.succeeded();
        return true;
      }
    };
  }
}
