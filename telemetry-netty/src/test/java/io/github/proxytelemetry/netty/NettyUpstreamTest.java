package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.testing.RecordedAttempt;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.github.proxytelemetry.testing.Terminal;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // The recorder shows the result of each write.
class NettyUpstreamTest {
  private static final Upstream ORIGIN = Upstream.named("origin", "127.0.0.1", 80);
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private final RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
  private final NettyTelemetry netty = NettyTelemetry.create(recorder);
  private final EmbeddedChannel channel = new EmbeddedChannel(new HttpClientCodec());

  @AfterEach
  void leavesNothingOpen() {
    channel.finishAndReleaseAll();
    assertThat(recorder.activeAttempts()).isZero();
    assertThat(recorder.activeDials()).isZero();
    recorder.assertInvariants();
  }

  @Test
  void reportsAnAttempt_andThoseThatReuseItsConnection() {
    netty.installUpstream(channel.pipeline(), attempt());
    send("/1");
    receive("HTTP/1.1 103 Early Hints\r\n\r\n" + OK);
    netty.bind(channel, attempt());
    send("/2");
    receive(OK);
    assertThat(attempt(0).events())
        .containsExactly(
            "started",
            "connectionAcquired new",
            "inject",
            "requestStarted",
            "requestEnd",
            "informational 103",
            "responseStarted 200",
            "responseEnd");
    assertThat(attempt(0).responseBytes()).isEqualTo(2);
    assertThat(attempt(1).connectionReused()).isTrue();
    assertThat(attempt(1).path()).isEqualTo("/2");
    assertThat(attempt(1).dials()).isEmpty();
    assertThat(attempt(1).terminal()).isEqualTo(Terminal.ENDED);
  }

  @Test
  void reportsTheFirstUse_ofAWarmConnection() {
    netty.installUpstream(channel.pipeline(), ORIGIN);
    netty.bind(channel, attempt());
    send("/1");
    receive(OK);
    assertThat(attempt(0).connectionAcquired()).isTrue();
    assertThat(attempt(0).connectionReused()).isFalse();
    assertThat(recorder.dials()).hasSize(1);
  }

  @Test
  void reportsNoFailure_forAnIdleConnection() {
    netty.installUpstream(channel.pipeline(), attempt());
    send("/1");
    receive(OK);
    receive("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
    channel.close();
    assertThat(attempt(0).status()).isEqualTo(200);
    assertThat(attempt(0).terminal()).isEqualTo(Terminal.ENDED);
    assertThat(recorder.attempts()).hasSize(1);
  }

  @Test
  void matchesPipelinedRequests_inTheirOrder() {
    netty.installUpstream(channel.pipeline(), attempt());
    send("/1");
    send("/unobserved");
    netty.bind(channel, attempt());
    send("/3");
    receive(OK + "HTTP/1.1 204 No Content\r\n\r\n");
    receive("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    assertThat(attempt(0).status()).isEqualTo(200);
    assertThat(attempt(1).status()).isEqualTo(404);
  }

  @Test
  void makesNoStatus_ofGarbage() {
    netty.installUpstream(channel.pipeline(), attempt());
    send("/1");
    receive("garbage\r\n\r\n");
    assertFailed(ProxyError.HTTP_PROTOCOL_ERROR);
    assertThat(attempt(0).status()).isZero();
  }

  @Test
  void reportsAMalformedChunk() {
    netty.installUpstream(channel.pipeline(), attempt());
    send("/1");
    receive("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n");
    assertFailed(ProxyError.HTTP_RESPONSE_TRANSFER_CODING);
    assertThat(attempt(0).status()).isEqualTo(200);
  }

  @Test
  void cancels_whatTheHostCloses() {
    netty.installUpstream(channel.pipeline(), attempt());
    send("/1");
    channel.close();
    assertThat(attempt(0).terminal()).isEqualTo(Terminal.CANCELLED);
  }

  @Test
  void reportsATimeout_thatPassesOnItsWayToTheHost() {
    netty.installUpstream(channel.pipeline(), attempt());
    send("/1");
    channel.pipeline().fireExceptionCaught(ReadTimeoutException.INSTANCE);
    assertThatThrownBy(channel::checkException).isSameAs(ReadTimeoutException.INSTANCE);
    channel.close();
    assertFailed(ProxyError.CONNECTION_READ_TIMEOUT);
  }

  @Test
  void endsTheAttempt_atAnUpgrade() {
    netty.installUpstream(channel.pipeline(), attempt());
    send("/1");
    receive("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n");
    channel.close();
    assertThat(attempt(0).status()).isEqualTo(101);
    assertThat(attempt(0).terminal()).isEqualTo(Terminal.ENDED);
  }

  @Test
  void endsTheAttempt_whoseWayIsOpen_whereThereIsNoHttp() {
    channel.pipeline().remove(HttpClientCodec.class);
    netty.installUpstream(channel.pipeline(), attempt());
    assertThat(attempt(0).events()).containsExactly("started", "connectionAcquired new", "end");
  }

  @Test
  void failsAnAttempt_boundToAConnectionThatIsGone() {
    netty.installUpstream(channel.pipeline(), ORIGIN);
    channel.close();
    netty.bind(channel, attempt());
    assertFailed(ProxyError.CONNECTION_TERMINATED);
  }

  @Test
  void countsOnce_whenInstalledTwice() {
    AttemptObservation attempt = attempt();
    netty.installUpstream(channel.pipeline(), attempt);
    netty.installUpstream(channel.pipeline(), attempt);
    send("/1");
    receive(OK);
    assertThat(recorder.dials()).hasSize(1);
    assertThat(attempt(0).injections()).isOne();
    assertThat(recorder.dials().get(0).bytesRead()).isEqualTo(OK.length());
  }

  private AttemptObservation attempt() {
    return recorder.startAttempt(ORIGIN);
  }

  private RecordedAttempt attempt(int index) {
    return recorder.attempts().get(index);
  }

  private void assertFailed(ProxyError error) {
    assertThat(attempt(0).failure().side()).isEqualTo(Side.UPSTREAM);
    assertThat(attempt(0).failure().error()).isEqualTo(error);
  }

  private void send(String path) {
    FullHttpRequest request =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path);
    channel.writeOutbound(request);
  }

  private void receive(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    for (Object m = channel.readInbound(); m != null; m = channel.readInbound()) {
      ReferenceCountUtil.release(m);
    }
  }
}
