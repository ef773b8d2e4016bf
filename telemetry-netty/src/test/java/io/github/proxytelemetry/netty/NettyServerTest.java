package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.testing.RecordedExchange;
import io.github.proxytelemetry.testing.Terminal;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // The recorder shows the result of each write.
class NettyServerTest extends ServerFixture {
  @Test
  void matchesPipelinedRequests_inTheirOrder() {
    read("GET /1 HTTP/1.1\r\n\r\nHEAD /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n");
    for (int i = 4; i <= 12; i++) {
      read("GET /" + i + " HTTP/1.1\r\n\r\n");
    }
    for (int i = 1; i <= 12; i++) {
      channel.writeOutbound(full(200 + i, i));
    }
    for (int i = 1; i <= 12; i++) {
      RecordedExchange exchange = exchange(i - 1);
      assertThat(exchange.path()).isEqualTo("/" + i);
      assertThat(exchange.status()).isEqualTo(200 + i);
      // 2 is a HEAD; 204 and 205 are the statuses of 4 and 5.
      assertThat(exchange.responseBytes()).isEqualTo(i == 2 || i == 4 || i == 5 ? 0 : i);
      assertThat(exchange.terminal()).isEqualTo(Terminal.ENDED);
    }
  }

  @Test
  void ignoresTheLastContent_ofAnInterimResponse() {
    read(GET);
    channel.writeOutbound(full(100, 0));
    channel.writeOutbound(
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.EARLY_HINTS),
        LastHttpContent.EMPTY_LAST_CONTENT);
    assertThat(exchange(0).responseEnded()).isFalse();
    channel.writeOutbound(full(500, 0));
    assertThat(exchange(0).informational()).containsExactly(100, 103);
    assertThat(exchange(0).status()).isEqualTo(500);
    assertThat(exchange(0).terminal()).isEqualTo(Terminal.ENDED);
  }

  @Test
  void notesABadChunk_onItsExchange() {
    read("POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n");
    channel.writeOutbound(full(400, 0));
    assertThat(exchange(0).blame().side()).isEqualTo(Side.DOWNSTREAM);
    assertThat(exchange(0).blame().error()).isEqualTo(ProxyError.HTTP_REQUEST_ERROR);
    assertThat(exchange(0).status()).isEqualTo(400);
  }

  @Test
  void ignoresAResponse_withoutARequest() {
    channel.writeOutbound(full(408, 0));
    read("b\u0001d\r\n\r\n");
    channel.writeOutbound(full(400, 0));
    assertThat(recorder.exchanges()).isEmpty();
    assertThat(NettyTelemetry.exchange(channel)).isSameAs(Noop.EXCHANGE);
  }

  @Test
  void blamesTheProxy_thatClosesWithRequestsPending() {
    read(GET + GET);
    channel.close();
    assertThat(exchange(0).blame().side()).isEqualTo(Side.PROXY);
    assertThat(exchange(1).blame().error()).isEqualTo(ProxyError.CONNECTION_TERMINATED);
  }

  @Test
  void blamesTheClient_whoseResetTheHostAnswersByClosing() {
    read(GET);
    channel.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
    channel.close();
    assertThat(exchange(0).blame().side()).isEqualTo(Side.DOWNSTREAM);
    assertThat(exchange(0).blame().error()).isEqualTo(ProxyError.CLIENT_ABORT);
    assertThatThrownBy(channel::checkException).isInstanceOf(IOException.class);
  }

  @Test
  void endsTheExchange_atAnUpgrade_andCountsFramesAsFramed() {
    read("GET /chat HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
    FullHttpResponse switching = full(101, 0);
    switching.headers().set("Upgrade", "websocket");
    channel.writeOutbound(switching);
    channel.pipeline().remove(HttpServerCodec.class);
    channel.writeOutbound(new TextWebSocketFrame("Hello"));
    channel.pipeline().fireChannelRead(new TextWebSocketFrame("Hello"));
    channel.pipeline().fireChannelRead(Unpooled.buffer().writeZero(3));
    assertThat(exchange(0).terminal()).isEqualTo(Terminal.TUNNELLED);
    assertThat(recorder.tunnels().get(0).kind()).isEqualTo(TunnelKind.WEBSOCKET);
    assertThat(recorder.tunnels().get(0).bytesToDownstream()).isEqualTo(7);
    assertThat(recorder.tunnels().get(0).bytesToUpstream()).isEqualTo(14);
    channel.close();
    assertThat(recorder.tunnels().get(0).closedBy()).isEqualTo(Side.UPSTREAM);
  }

  @Test
  void discardsTheRequest_thatBecomesHttp2() {
    read("GET / HTTP/1.1\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n");
    FullHttpResponse switching = full(101, 0);
    switching.headers().set("Upgrade", "h2c");
    channel.writeOutbound(switching);
    assertThat(exchange(0).terminal()).isEqualTo(Terminal.DISCARDED);
    assertThat(recorder.tunnels()).isEmpty();
  }

  @Test
  void endsWhatIsOpen_whenTheHostRemovesTheHandlers() {
    read(GET);
    ExchangeObservation seen = NettyTelemetry.exchange(channel);
    assertThat(seen).isNotSameAs(Noop.EXCHANGE);
    channel.pipeline().remove(HttpServerHandler.class);
    channel.pipeline().remove(ServerConnectionHandler.class);
    assertThat(recorder.activeConnections()).isZero();
    assertThat(exchange(0).terminal()).isEqualTo(Terminal.ENDED);
  }

  @Test
  void countsOnce_whenInstalledTwice() {
    netty.installServer(channel.pipeline());
    read(GET);
    channel.writeOutbound(full(200, 2));
    assertThat(recorder.connections()).hasSize(1);
    assertThat(recorder.exchanges()).hasSize(1);
    assertThat(recorder.connections().get(0).bytesRead()).isEqualTo(GET.length());
    assertThat(recorder.connections().get(0).bytesWritten()).isEqualTo(written().length());
  }

  @Test
  void findsACodec_thatIsAddedLater() {
    EmbeddedChannel late = new EmbeddedChannel();
    netty.installServer(late.pipeline());
    late.pipeline().addLast(new HttpServerCodec());
    late.writeInbound(Unpooled.copiedBuffer(GET, StandardCharsets.US_ASCII));
    late.writeOutbound(full(200, 0));
    late.finishAndReleaseAll();
    assertThat(exchange(0).terminal()).isEqualTo(Terminal.ENDED);
  }
}
