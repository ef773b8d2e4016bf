package io.github.proxytelemetry.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.testing.RawClient;
import io.github.proxytelemetry.testing.RawMessage;
import io.github.proxytelemetry.testing.RecordedExchange;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.QoSHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.VirtualThreads;
import org.junit.jupiter.api.Test;

/** Responses without a handler, and the server's queues. */
class JettyServerTest extends ServedByJetty {
  private static final String GET = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";

  @Test
  void reportsAnErrorPage_withItsStatusAndBytes() throws Exception {
    serve(null);
    RawMessage response = ask(GET);
    assertThat(response.status()).isEqualTo(404);
    RecordedExchange exchange = only();
    assertThat(exchange.status()).isEqualTo(404);
    assertThat(exchange.responseBytes()).isEqualTo(response.body().length()).isPositive();
    assertThat(exchange.blame()).isNull();
  }

  @Test
  void reportsARequest_answeredBeforeAnyHandler() throws Exception {
    serve(answering());
    RawMessage response = ask("CONNECT a.test:443 HTTP/1.1\r\nHost: b.test\r\n\r\n");
    assertThat(response.status()).isEqualTo(400);
    RecordedExchange exchange = only();
    assertThat(exchange.method()).isEqualTo("CONNECT");
    assertThat(exchange.status()).isEqualTo(400);
    assertThat(exchange.blame().side()).isEqualTo(Side.DOWNSTREAM);
    assertThat(exchange.blame().error()).isEqualTo(ProxyError.HTTP_REQUEST_ERROR);
  }

  @Test
  void reportsTheEndOfAQueue_whenAQueuedRequestIsHandled() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    CompletableFuture<Callback> held = new CompletableFuture<>();
    QoSHandler queue = new QoSHandler();
    queue.setMaxRequestCount(1);
    queue.setHandler(
        jetty.wrapQueued(
            new Handler.Abstract() {
              @Override
              public boolean handle(Request request, Response response, Callback callback) {
                if (!held.complete(callback)) {
                  callback.succeeded();
                }
                first.countDown();
                return true;
              }
            }));
    serve(queue);
    try (RawClient one = connect();
        RawClient two = connect()) {
      one.send(GET);
      assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
      two.send(GET);
      recorder.awaitUntil("two", () -> recorder.exchanges().size() == 2, PATIENCE);
      assertThat(recorder.exchanges().get(0).events()).contains("handlingStarted");
      assertThat(recorder.exchanges().get(1).events()).doesNotContain("handlingStarted");
      held.get(10, TimeUnit.SECONDS).succeeded();
      assertThat(one.readResponse().status()).isEqualTo(200);
      assertThat(two.readResponse().status()).isEqualTo(200);
      assertThat(recorder.exchanges().get(1).events()).contains("handlingStarted");
    }
  }

  /** HTTP/1 has no queue: the thread that reads a request handles it. */
  @Test
  void reportsNoQueue_onHttp1() throws Exception {
    serve(answering());
    assertThat(ask(GET).status()).isEqualTo(200);
    assertThat(only().events()).contains("responseEnd").doesNotContain("handlingStarted");
  }

  /** The request of an HTTP/2 stream waits for a thread. */
  @Test
  void reportsTheEndOfTheThreadQueue_onHttp2() throws Exception {
    ServerConnector connector =
        new ServerConnector(server, new HTTP2CServerConnectionFactory(new HttpConfiguration()));
    serve(connector, answering());
    HttpClient client = new HttpClient(new HttpClientTransportOverHTTP2(new HTTP2Client()));
    client.start();
    ContentResponse response = client.GET("http://127.0.0.1:" + connector.getLocalPort());
    assertThat(response.getStatus()).isEqualTo(200);
    client.stop();
    assertThat(only().events()).containsOnlyOnce("handlingStarted");
  }

  @Test
  void reportsOneEnd_ofARequestThatIsCompletedTwice() throws Exception {
    serve(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            callback.succeeded();
            callback.succeeded();
            callback.failed(new IllegalStateException("too late"));
            return true;
          }
        });
    assertThat(ask(GET).status()).isEqualTo(200);
    assertThat(only().blame()).isNull();
    assertThat(only().responseEnded()).isTrue();
  }

  @Test
  void reportsNothing_afterTheEndOfAnOrdinaryExchange() throws Exception {
    serve(answering());
    try (RawClient client = connect()) {
      client.send(GET);
      assertThat(client.readResponse().status()).isEqualTo(200);
      client.send(GET);
      assertThat(client.readResponse().status()).isEqualTo(200);
    }
    server.stop();
    assertThat(recorder.exchanges()).hasSize(2);
    for (RecordedExchange exchange : recorder.exchanges()) {
      assertThat(exchange.repeatedTerminals()).isZero();
      assertThat(exchange.lateCalls()).isZero();
    }
  }

  @Test
  void showsTheExchange_toHandlers() throws Exception {
    serve(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            JettyTelemetry.exchange(request).route("/{a}");
            response.setStatus(HttpStatus.NO_CONTENT_204);
            callback.succeeded();
            return true;
          }
        });
    assertThat(ask(GET).status()).isEqualTo(204);
    assertThat(only().events()).contains("route /{a}");
  }

  @Test
  @SuppressWarnings("NullAway")
  void ignoresNull_atRunTime() {
    JettyTelemetry.exchange(null).route("/a");
    JettyTelemetry.bind(null, null);
    assertThat(JettyTelemetry.classify(null)).isEqualTo(ProxyError.PROXY_INTERNAL_ERROR);
    TelemetryHttpClient client = jetty.install(new TelemetryHttpClient());
    org.eclipse.jetty.client.Request request = client.newRequest("http://origin.test/");
    JettyTelemetry.bind(request, null);
    assertThat(request.getAttributes()).isEmpty();
  }

  @Test
  void reportsARequest_ofAHandlerOnAVirtualThread() throws Exception {
    CompletableFuture<Boolean> virtual = new CompletableFuture<>();
    serve(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            virtual.complete(VirtualThreads.isVirtualThread());
            callback.succeeded();
            return true;
          }
        });
    assertThat(ask(GET).status()).isEqualTo(200);
    assertThat(only().blame()).isNull();
    assertThat(virtual.get(10, TimeUnit.SECONDS)).isEqualTo(VirtualThreads.areSupported());
  }

  private static Handler answering() {
    return new Handler.Abstract() {
      @Override
      public boolean handle(Request request, Response response, Callback callback) {
        callback.succeeded();
        return true;
      }
    };
  }

  private void serve(Handler handler) throws Exception {
    serve(new ServerConnector(server), handler);
  }

  private RawMessage ask(String request) throws Exception {
    try (RawClient client = connect()) {
      client.send(request);
      return client.readResponse();
    }
  }
}
