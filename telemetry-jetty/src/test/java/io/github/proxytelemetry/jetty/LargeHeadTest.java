package io.github.proxytelemetry.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testing.RawClient;
import io.github.proxytelemetry.testing.RawMessage;
import io.github.proxytelemetry.testing.RecordedExchange;
import org.eclipse.jetty.http.HttpField;
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

  /** Jetty writes the field all the same, so that nothing may come of it. */
  @Test
  void sendsTheHead_whoseFieldCannotBeReadAtFirst() throws Exception {
    serve(new ServerConnector(server), once(new UnreadableAtFirst()));
    try (RawClient client = connect()) {
      client.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
      RawMessage response = client.readResponse();
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.headers("X-Lazy")).containsExactly("value");
      assertThat(response.headers("Server-Timing")).hasSize(1);
    }
    assertThat(only().status()).isEqualTo(200);
    assertThat(only().blame()).isNull();
  }

  private static Handler once(HttpField field) {
    return new Handler.Abstract() {
      @Override
      public boolean handle(Request request, Response response, Callback callback) {
        response.getHeaders().add(field);
        callback.succeeded();
        return true;
      }
    };
  }

  private static final class UnreadableAtFirst extends HttpField {
    private boolean asked;

    UnreadableAtFirst() {
      super("X-Lazy", "value");
    }

    @Override
    public String getValue() {
      if (!asked) {
        asked = true;
        throw new IllegalStateException();
      }
      return super.getValue();
    }
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
