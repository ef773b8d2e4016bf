package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.testing.RecordedExchange;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.github.proxytelemetry.testing.Terminal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.ReadOnlyHttpHeaders;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NettyServerTest {
  private static final String GET = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";

  private final RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
  private final NettyTelemetry netty = NettyTelemetry.create(recorder);
  private final EmbeddedChannel channel =
      new EmbeddedChannel(
          new ChannelInitializer<EmbeddedChannel>() {
            @Override
            protected void initChannel(EmbeddedChannel ch) {
              ch.pipeline().addLast(new HttpServerCodec());
              netty.installServer(ch.pipeline());
            }
          });

  @AfterEach
  void leavesNothingOpen() {
    channel.finishAndReleaseAll();
    assertThat(recorder.activeConnections()).isZero();
    assertThat(recorder.activeExchanges()).isZero();
    assertThat(recorder.activeTunnels()).isZero();
    recorder.assertInvariants();
  }

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
  void givesAResponseToNothing_toNobody() {
    channel.writeOutbound(full(408, 0));
    read("b\u0001d\r\n\r\n");
    channel.writeOutbound(full(400, 0));
    assertThat(recorder.exchanges()).isEmpty();
    assertThat(NettyTelemetry.exchange(channel)).isSameAs(HttpServerHandler.NONE);
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
  void blamesTheProxy_whoseResponseCannotBeEncoded() {
    read(GET);
    channel.writeOneOutbound(full(200, 0));
    ChannelFuture failed = channel.writeOneOutbound(new DefaultLastHttpContent());
    channel.flushOutbound();
    assertThat(failed.isSuccess()).isFalse();
    assertThat(exchange(0).terminal()).isEqualTo(Terminal.ENDED);
    read(GET);
    channel.pipeline().addFirst(new FailingWrites(new IllegalStateException("no")));
    channel.writeOneOutbound(full(200, 0));
    channel.flushOutbound();
    assertThat(exchange(1).blame().side()).isEqualTo(Side.PROXY);
    assertThat(exchange(1).blame().error()).isEqualTo(ProxyError.PROXY_INTERNAL_ERROR);
  }

  @Test
  void blamesTheClient_whereTheLastWriteFails() {
    read(GET);
    channel.pipeline().addFirst(new FailingWrites(new ClosedChannelException()));
    channel.writeOneOutbound(full(200, 0));
    channel.flushOutbound();
    assertThat(exchange(0).status()).isEqualTo(200);
    assertThat(exchange(0).blame().side()).isEqualTo(Side.DOWNSTREAM);
    assertThat(exchange(0).blame().error()).isEqualTo(ProxyError.CLIENT_ABORT);
  }

  @Test
  void seesTheEnd_ofWritesWithAVoidPromise() {
    read(GET);
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    HttpUtil.setTransferEncodingChunked(head, true);
    channel.writeOneOutbound(head, channel.voidPromise());
    channel.writeOneOutbound(
        new DefaultHttpContent(Unpooled.wrappedBuffer(new byte[3])), channel.voidPromise());
    channel.writeOneOutbound(LastHttpContent.EMPTY_LAST_CONTENT, channel.voidPromise());
    assertThat(exchange(0).responseEnded()).isFalse();
    channel.flushOutbound();
    assertThat(exchange(0).responseBytes()).isEqualTo(3);
    assertThat(exchange(0).terminal()).isEqualTo(Terminal.ENDED);
  }

  @Test
  void leavesTheHostsResponse_asItWas() {
    FullHttpResponse shared = full(200, 2);
    for (int i = 0; i < 2; i++) {
      read(GET);
      channel.writeOutbound(shared.retain());
      assertThat(written()).containsOnlyOnce("proxy;dur=0.0");
    }
    assertThat(shared.headers().contains("Server-Timing")).isFalse();
    assertThat(shared.release()).isTrue();
  }

  @Test
  void addsToReadOnlyHeaders_byACopy() {
    HttpHeaders headers =
        new ReadOnlyHttpHeaders(false, "Content-Length", "0", "Server-Timing", "db;dur=1");
    HttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.OK,
            Unpooled.EMPTY_BUFFER,
            headers,
            DefaultHttpHeadersFactory.trailersFactory().newHeaders());
    read(GET);
    channel.writeOutbound(response);
    assertThat(written()).contains("db;dur=1").contains("proxy;dur=0.0");
    assertThat(headers.getAll("Server-Timing")).containsExactly("db;dur=1");
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
    assertThat(seen).isNotSameAs(HttpServerHandler.NONE);
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

  private RecordedExchange exchange(int index) {
    return recorder.exchanges().get(index);
  }

  private void read(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    for (Object m = channel.readInbound(); m != null; m = channel.readInbound()) {
      ReferenceCountUtil.release(m);
    }
  }

  private String written() {
    StringBuilder text = new StringBuilder();
    for (ByteBuf b = channel.readOutbound(); b != null; b = channel.readOutbound()) {
      text.append(new String(ByteBufUtil.getBytes(b), StandardCharsets.ISO_8859_1));
      b.release();
    }
    return text.toString();
  }

  private static final class FailingWrites extends ChannelOutboundHandlerAdapter {
    private final Throwable failure;

    FailingWrites(Throwable failure) {
      this.failure = failure;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
      ReferenceCountUtil.release(msg);
      promise.setFailure(failure);
    }
  }

  private static FullHttpResponse full(int status, int length) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(status),
            Unpooled.wrappedBuffer(new byte[length]));
    if (status >= 200) {
      HttpUtil.setContentLength(response, length);
    }
    return response;
  }
}
