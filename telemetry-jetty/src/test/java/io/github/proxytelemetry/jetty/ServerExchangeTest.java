package io.github.proxytelemetry.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testing.RecordedExchange;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.github.proxytelemetry.testing.Terminal;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stream that fails on one thread while another one still reads the request or answers it. */
class ServerExchangeTest {
  private final RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
  private final Content.Chunk chunk = Content.Chunk.from(ByteBuffer.allocate(3), true);
  private final ServerExchange exchange = new ServerExchange(recorder, request(), null);
  private MetaData.Response sent;

  @BeforeEach
  void wrap() {
    exchange.apply(
        stub(
            HttpStream.class,
            (name, arguments) -> {
              if (name.equals("send")) {
                sent = (MetaData.Response) arguments[1];
              }
              return name.equals("read") ? chunk : null;
            }));
  }

  @AfterEach
  void nothingIsReported_afterTheEnd() {
    assertThat(recorded().terminal()).isEqualTo(Terminal.FAILED);
    recorder.assertInvariants();
    recorder.assertNoLateCalls();
  }

  @Test
  void fails_whileTheRequestIsRead() {
    fail();
    assertThat(exchange.read()).isSameAs(chunk);
    assertThat(recorded().requestBytes()).isZero();
  }

  @Test
  void fails_beforeAnInterimResponse() {
    fail();
    MetaData.Response head = head(103, null);
    send(head, null);
    assertThat(sent).isSameAs(head);
  }

  @Test
  void fails_beforeTheResponse() {
    fail();
    MetaData.Response head = head(200, null);
    send(head, ByteBuffer.allocate(2));
    assertThat(sent).isSameAs(head);
    assertThat(recorded().status()).isZero();
    assertThat(recorded().responseBytes()).isZero();
  }

  @Test
  void fails_beforeTheClientIsKnownToBeGone() {
    fail();
    exchange.recordFailure().clientGone(new IOException("reset"));
  }

  @Test
  void fails_betweenTheResponseAndItsTrailers() {
    HttpFields trailers = HttpFields.build().put("grpc-status", "0");
    send(head(200, () -> trailers), null);
    fail();
    assertThat(sent.getTrailersSupplier().get()).isEqualTo(trailers);
    exchange.responseEnd();
  }

  private void send(MetaData.Response head, ByteBuffer content) {
    exchange.send(null, head, false, content, Callback.NOOP);
  }

  private void fail() {
    exchange.fail(new IOException("reset"));
  }

  private RecordedExchange recorded() {
    return recorder.exchanges().get(0);
  }

  private static MetaData.Response head(int status, Supplier<HttpFields> trailers) {
    return new MetaData.Response(
        status, null, HttpVersion.HTTP_1_1, HttpFields.build(), -1, trailers);
  }

  private static Request request() {
    return stub(
        Request.class,
        (name, arguments) ->
            switch (name) {
              case "getMethod" -> "GET";
              case "getHttpURI" -> HttpURI.from("http://localhost/");
              case "getHeaders" -> HttpFields.EMPTY;
              case "getBeginNanoTime", "getHeadersNanoTime" -> System.nanoTime();
              case "getConnectionMetaData" -> connection();
              default -> null;
            });
  }

  private static ConnectionMetaData connection() {
    return stub(
        ConnectionMetaData.class,
        (name, arguments) ->
            switch (name) {
              case "getHttpConfiguration" -> new HttpConfiguration();
              case "getHttpVersion" -> HttpVersion.HTTP_1_1;
              default -> null;
            });
  }

  private static <T> T stub(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> answer.to(method.getName(), arguments)));
  }

  /** Answer of a stub to a call of a method. */
  private interface Answer {
    Object to(String method, Object[] arguments);
  }
}
