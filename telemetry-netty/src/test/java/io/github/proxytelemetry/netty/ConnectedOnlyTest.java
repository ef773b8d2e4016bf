package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.testing.RecordedAttempt;
import io.github.proxytelemetry.testing.Terminal;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Attempts of CONNECT on a channel that is dialled with an HTTP codec. */
@SuppressWarnings("FutureReturnValueIgnored") // The recorder shows the result of each write.
class ConnectedOnlyTest extends ServerFixture {
  private static final Upstream ORIGIN = Upstream.of("origin.test", 443);

  private final EmbeddedChannel upstream = new EmbeddedChannel(new HttpClientCodec());

  @BeforeEach
  void dial() {
    read("CONNECT origin.test:443 HTTP/1.1\r\nHost: origin.test:443\r\n\r\n");
    netty.installUpstream(
        upstream.pipeline(), NettyTelemetry.exchange(channel).startAttempt(ORIGIN));
  }

  @AfterEach
  void endsOnce() {
    upstream.finishAndReleaseAll();
    channel.finishAndReleaseAll();
    recorder.assertNoLateCalls();
    assertThat(attempt().events()).containsExactly("started", "connectionAcquired new", "end");
    assertThat(attempt().terminal()).isEqualTo(Terminal.ENDED);
  }

  @Test
  void ends_whenTheTunnelIsBound() {
    netty.bindTunnel(channel, upstream);
    assertThat(attempt().terminal()).isEqualTo(Terminal.ENDED);
    FullHttpResponse established = full(200, 0);
    established.headers().remove("Content-Length");
    channel.writeOutbound(established);
  }

  @Test
  void ends_whenBytesAreWritten() {
    upstream.pipeline().remove(HttpClientCodec.class);
    upstream.writeOutbound(Unpooled.copiedBuffer("hello", StandardCharsets.US_ASCII));
    assertThat(attempt().terminal()).isEqualTo(Terminal.ENDED);
  }

  @Test
  void ends_whenBytesAreRead() {
    upstream.pipeline().remove(HttpClientCodec.class);
    upstream.writeInbound(Unpooled.copiedBuffer("hello", StandardCharsets.US_ASCII));
    assertThat(attempt().terminal()).isEqualTo(Terminal.ENDED);
  }

  @Test
  void ends_whenTheChannelIsClosedWithoutItsCodec() {
    upstream.pipeline().remove(HttpClientCodec.class);
    upstream.close();
  }

  @Test
  void ends_whenARequestInsideTheTunnelIsBound() {
    netty.bind(upstream, NettyTelemetry.exchange(channel).startAttempt(ORIGIN));
    assertThat(attempt().terminal()).isEqualTo(Terminal.ENDED);
    upstream.writeOutbound(new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"));
    upstream.writeInbound(
        Unpooled.copiedBuffer("HTTP/1.1 204 No Content\r\n\r\n", StandardCharsets.US_ASCII));
    assertThat(recorder.attempts().get(1).status()).isEqualTo(204);
    assertThat(recorder.attempts().get(1).terminal()).isEqualTo(Terminal.ENDED);
  }

  private RecordedAttempt attempt() {
    return recorder.attempts().get(0);
  }
}
