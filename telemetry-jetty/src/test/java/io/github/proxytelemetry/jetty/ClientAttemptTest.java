package io.github.proxytelemetry.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.testing.OriginScript;
import io.github.proxytelemetry.testing.RawClient;
import io.github.proxytelemetry.testing.RecordedAttempt;
import io.github.proxytelemetry.testing.RecordedExchange;
import io.github.proxytelemetry.testing.ScriptedOrigin;
import io.github.proxytelemetry.testing.Terminal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.BasicAuthentication;
import org.eclipse.jetty.client.BufferingResponseListener;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClientAttemptTest extends ServedByJetty {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String REDIRECT =
      "HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n";
  private static final String CHALLENGE =
      "HTTP/1.1 401 Denied\r\nWWW-Authenticate: Basic realm=\"r\"\r\nContent-Length: 0\r\n\r\n";

  private final CountDownLatch held = new CountDownLatch(1);
  private final TelemetryHttpClient client = jetty.install(new TelemetryHttpClient());
  private ScriptedOrigin origin;

  @BeforeEach
  void start() throws Exception {
    origin = ScriptedOrigin.start();
    client.start();
  }

  @AfterEach
  void stop() throws Exception {
    held.countDown();
    client.stop();
    origin.close();
  }

  /** Jetty reports the failure to the request's listeners and again at its completion. */
  @Test
  void endsOnce_whenTheConnectionIsRefused() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    assertThatThrownBy(() -> client.GET("http://127.0.0.1:" + port + "/"))
        .isInstanceOf(ExecutionException.class);
    assertThat(attempt(0).failure()).hasToString("UPSTREAM CONNECTION_REFUSED");
  }

  @Test
  void belongsToTheExchange_afterARedirect() throws Exception {
    origin.onRequest(OriginScript.respond(REDIRECT)).onRequest(OriginScript.respond(OK));
    assertTwoAttempts();
  }

  @Test
  void belongsToTheExchange_whenCredentialsAreAsked() throws Exception {
    client
        .getAuthenticationStore()
        .addAuthentication(new BasicAuthentication(uri("/"), "r", "user", "password"));
    origin.onRequest(OriginScript.respond(CHALLENGE)).onRequest(OriginScript.respond(OK));
    assertTwoAttempts();
  }

  private void assertTwoAttempts() throws Exception {
    serve(new ServerConnector(server), forwarding());
    try (RawClient downstream = connect()) {
      downstream.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(downstream.readResponse().status()).isEqualTo(200);
    }
    RecordedExchange exchange = only();
    assertThat(exchange.attempts()).hasSize(2);
    assertThat(recorder.attempts()).allMatch(attempt -> attempt.exchange() == exchange);
  }

  @Test
  void blamesTheProxy_thatAbortsARequestInTheQueue() throws Exception {
    org.eclipse.jetty.client.Request waiting = requestBehindAnother();
    CountDownLatch completed = new CountDownLatch(1);
    waiting.send(result -> completed.countDown());
    var unused = waiting.abort(new IOException("no longer wanted"));
    assertThat(completed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(attempt(1).failure()).hasToString("PROXY PROXY_INTERNAL_ERROR");
  }

  @Test
  void blamesTheProxy_whoseConnectionsAreAllInUse() throws Exception {
    org.eclipse.jetty.client.Request waiting = requestBehindAnother();
    assertThatThrownBy(() -> waiting.timeout(1, TimeUnit.MILLISECONDS).send())
        .isInstanceOf(TimeoutException.class);
    assertThat(attempt(1).failure()).hasToString("PROXY CONNECTION_LIMIT_REACHED");
  }

  @Test
  void blamesTheProxy_whoseQueueIsFull() throws Exception {
    client.setMaxRequestsQueuedPerDestination(1);
    requestBehindAnother().send(result -> {});
    assertThatThrownBy(() -> client.GET(uri("/c"))).isInstanceOf(ExecutionException.class);
    assertThat(attempt(2).failure()).hasToString("PROXY CONNECTION_LIMIT_REACHED");
  }

  /** As where another thread sees the failure of the response. */
  @Test
  void reportsNothingAfterTheEnd_ofARequestThatIsStillSent() throws Exception {
    org.eclipse.jetty.client.Request request = client.newRequest(uri("/a"));
    client.resolveDestination(request);
    ClientAttempt attempt = ClientAttempt.of(request);
    attempt.onQueued(request);
    attempt.onBegin(request);
    attempt.onHeaders(request);
    attempt.onContent(request, ByteBuffer.allocate(1));
    attempt.failed(new IOException("reset"));
    attempt.onContent(request, ByteBuffer.allocate(2));
    attempt.onSuccess(request);
    attempt.responseBytes(1);
    assertThat(attempt(0).requestBytes()).isOne();
    recorder.assertNoLateCalls();
  }

  @Test
  void namesTheUpstream() throws Exception {
    origin.onRequest(OriginScript.respond(OK));
    JettyTelemetry naming =
        JettyTelemetry.create(
            recorder, uri -> Upstream.named("billing", uri.getHost(), uri.getPort()));
    TelemetryHttpClient named = naming.install(new TelemetryHttpClient());
    named.start();
    assertThat(named.GET(uri("/a?b=c")).getContentAsString()).isEqualTo("ok");
    named.stop();
    assertThat(attempt(0).upstream())
        .isEqualTo(Upstream.named("billing", "127.0.0.1", origin.address().getPort()));
  }

  @ParameterizedTest
  @MethodSource("io.github.proxytelemetry.jetty.HostMistakes#all")
  void leavesTheUpstreamUnnamed_whenItsFunctionFails(Throwable mistake) throws Exception {
    origin.onRequest(OriginScript.respond(OK));
    JettyTelemetry naming = JettyTelemetry.create(recorder, uri -> HostMistakes.fail(mistake));
    TelemetryHttpClient named = naming.install(new TelemetryHttpClient());
    named.start();
    assertThat(named.GET(uri("/a")).getContentAsString()).isEqualTo("ok");
    named.stop();
    assertThat(attempt(0).upstream())
        .isEqualTo(Upstream.of("127.0.0.1", origin.address().getPort()));
    assertThat(recorder.attempts()).hasSize(1);
    assertThat(attempt(0).status()).isEqualTo(200);
    assertThat(attempt(0).responseBytes()).isEqualTo(2);
    assertThat(attempt(0).terminal()).isEqualTo(Terminal.ENDED);
  }

  @Test
  void hasNoBrackets_aroundAnIpv6Address() {
    assertThatThrownBy(() -> client.GET("http://[::1]:1/")).isInstanceOf(ExecutionException.class);
    assertThat(attempt(0).upstream()).isEqualTo(Upstream.of("::1", 1));
  }

  /** A request that waits for the only connection, which another request has. */
  private org.eclipse.jetty.client.Request requestBehindAnother() throws Exception {
    client.setMaxConnectionsPerDestination(1);
    CountDownLatch arrived = new CountDownLatch(1);
    origin.onRequest(
        connection -> {
          arrived.countDown();
          awaitHeld();
          connection.send(OK);
        });
    client.newRequest(uri("/a")).send(result -> {});
    assertThat(arrived.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return client.newRequest(uri("/b"));
  }

  private void awaitHeld() throws IOException {
    try {
      assertThat(held.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new IOException(interrupted);
    }
  }

  private RecordedAttempt attempt(int index) {
    return recorder.attempts().get(index);
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + origin.address().getPort() + path);
  }

  private Handler forwarding() {
    return new Handler.Abstract() {
      @Override
      public boolean handle(Request request, Response response, Callback callback) {
        org.eclipse.jetty.client.Request forwarded = client.newRequest(uri("/a"));
        JettyTelemetry.bind(forwarded, request);
        forwarded.send(
            new BufferingResponseListener() {
              @Override
              public void onComplete(Result result) {
                response.setStatus(result.getResponse().getStatus());
                callback.succeeded();
              }
            });
        return true;
      }
    };
  }
}
