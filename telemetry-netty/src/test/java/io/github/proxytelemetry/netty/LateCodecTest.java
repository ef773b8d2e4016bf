package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.testing.Terminal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpServerCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Codecs that a host adds, removes or keeps where requests are not expected. */
@SuppressWarnings("FutureReturnValueIgnored") // The recorder shows the result of each write.
class LateCodecTest extends ServerFixture {
  private static final String UPLOAD =
      "POST /a HTTP/1.1\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n";

  @Test
  void endsARequest_thatIsRefusedBeforeItsBody() {
    channel.pipeline().addLast(new HttpObjectAggregator(4));
    read(UPLOAD);
    assertThat(written()).contains("413");
    assertThat(exchange(0).status()).isEqualTo(413);
    assertThat(exchange(0).terminal()).isEqualTo(Terminal.ENDED);
    assertThat(recorder.activeExchanges()).isZero();
    read(GET);
    channel.writeOutbound(full(200, 2));
    assertThat(exchange(1).terminal()).isEqualTo(Terminal.ENDED);
    recorder.assertNoLateCalls();
  }

  @Test
  void countsTheFirstRequest_whereTheFirstBytesSelectTheCodec() {
    EmbeddedChannel late = new EmbeddedChannel();
    netty.installServer(late.pipeline());
    late.pipeline().addLast(new PortUnification(false));
    for (int i = 0; i < 3; i++) {
      late.writeInbound(Unpooled.copiedBuffer(GET, StandardCharsets.US_ASCII));
      late.writeOutbound(full(200, 2));
    }
    assertThat(late.pipeline().toMap().values()).noneMatch(CodecProbe.class::isInstance);
    late.finishAndReleaseAll();
    assertThat(recorder.exchanges())
        .hasSize(3)
        .allSatisfy(e -> assertThat(e.terminal()).isEqualTo(Terminal.ENDED));
  }

  /** As Vert.x does with h2c: its own handler is there from the start. */
  @Test
  void countsTheFirstRequest_whereTheCodecIsAddedBeforeAnotherHandler() {
    EmbeddedChannel late = new EmbeddedChannel();
    netty.installServer(late.pipeline());
    late.pipeline()
        .addLast(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext ctx, Object msg) {
                ctx.pipeline().addBefore("host", "decoder", new HttpRequestDecoder());
                ctx.pipeline().addBefore("host", "encoder", new HttpResponseEncoder());
                ctx.fireChannelRead(msg);
                ctx.pipeline().remove(this);
              }
            });
    late.pipeline().addLast("host", new ChannelInboundHandlerAdapter());
    for (int i = 0; i < 3; i++) {
      late.writeInbound(Unpooled.copiedBuffer(GET, StandardCharsets.US_ASCII));
      late.writeOutbound(full(200, 2));
    }
    assertThat(late.pipeline().toMap().values()).noneMatch(CodecProbe.class::isInstance);
    late.finishAndReleaseAll();
    assertThat(recorder.exchanges())
        .hasSize(3)
        .allSatisfy(e -> assertThat(e.terminal()).isEqualTo(Terminal.ENDED));
  }

  @Test
  void countsTheFirstRequest_whereTheCodecIsSelectedTwice() {
    EmbeddedChannel late = new EmbeddedChannel();
    netty.installServer(late.pipeline());
    late.pipeline().addLast(new PortUnification(true));
    late.writeInbound(Unpooled.copiedBuffer(GET, StandardCharsets.US_ASCII));
    late.writeOutbound(full(200, 2));
    late.finishAndReleaseAll();
    assertThat(recorder.exchanges()).hasSize(1);
    assertThat(exchange(0).terminal()).isEqualTo(Terminal.ENDED);
  }

  @Test
  void countsTheFirstRequest_whereTheHostInstallsAgain() {
    EmbeddedChannel late = new EmbeddedChannel();
    netty.installServer(late.pipeline());
    late.pipeline()
        .addLast(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext ctx, Object msg) {
                ctx.pipeline().replace(this, "codec", new HttpServerCodec());
                netty.installServer(ctx.pipeline());
                ctx.pipeline().context(ServerConnectionHandler.class).fireChannelRead(msg);
              }
            });
    late.writeInbound(Unpooled.copiedBuffer(GET, StandardCharsets.US_ASCII));
    late.writeOutbound(full(200, 2));
    late.finishAndReleaseAll();
    assertThat(recorder.exchanges()).hasSize(1);
  }

  @Test
  void countsRequests_inAConnectWhoseCodecStays() {
    connect();
    assertServedInside();
  }

  @Test
  void countsRequests_inAConnectBehindAnotherCodec() {
    connect();
    channel.pipeline().remove(HttpServerCodec.class);
    channel.pipeline().addLast(new HttpServerCodec());
    assertServedInside();
  }

  @Test
  void countsRequests_inAConnectThatIsInstalledAgain() {
    connect();
    channel.pipeline().remove(HttpServerCodec.class);
    channel.pipeline().addLast(new HttpServerCodec());
    netty.installServer(channel.pipeline());
    assertServedInside();
  }

  @Test
  void countsRequests_inAConnectWhoseFirstBytesSelectTheCodec() {
    connect();
    channel.pipeline().remove(HttpServerCodec.class);
    channel.pipeline().addLast(new PortUnification(false));
    assertServedInside();
  }

  @Test
  void countsRequests_behindACodecThatWasTakenOutAndPutInAgain() {
    read(GET);
    channel.writeOutbound(full(200, 2));
    channel.pipeline().remove(HttpServerCodec.class);
    channel.pipeline().addLast(new HttpServerCodec());
    read(GET);
    channel.writeOutbound(full(204, 0));
    assertThat(exchange(1).status()).isEqualTo(204);
    assertThat(exchange(1).terminal()).isEqualTo(Terminal.ENDED);
  }

  @Test
  void countsRequests_afterA101ThatNobodyAskedFor() {
    read(GET);
    channel.writeOutbound(full(101, 0));
    read(GET);
    channel.writeOutbound(full(200, 2));
    read(GET);
    channel.writeOutbound(full(200, 2));
    assertThat(recorder.exchanges()).hasSize(3);
    assertThat(exchange(1).terminal()).isEqualTo(Terminal.ENDED);
    assertThat(exchange(2).responseBytes()).isEqualTo(2);
    assertThat(recorder.activeTunnels()).isZero();
    recorder.assertNoLateCalls();
  }

  private void connect() {
    read("CONNECT origin.test:443 HTTP/1.1\r\nHost: origin.test:443\r\n\r\n");
    FullHttpResponse established = full(200, 0);
    established.headers().remove("Content-Length");
    channel.writeOutbound(established);
    assertThat(exchange(0).terminal()).isEqualTo(Terminal.TUNNELLED);
  }

  private void assertServedInside() {
    for (int i = 1; i <= 2; i++) {
      read(GET);
      ExchangeObservation inner = NettyTelemetry.exchange(channel);
      inner.startAttempt(io.github.proxytelemetry.Upstream.of("origin.test", 443)).cancel();
      channel.writeOutbound(full(200, 2));
      assertThat(exchange(i).method()).isEqualTo("GET");
      assertThat(exchange(i).attempts()).hasSize(1);
      assertThat(exchange(i).responseBytes()).isEqualTo(2);
      assertThat(exchange(i).terminal()).isEqualTo(Terminal.ENDED);
    }
    assertThat(exchange(0).attempts()).isEmpty();
    assertThat(recorder.connections()).hasSize(1);
    assertThat(recorder.connections().get(0).exchanges()).hasSize(3);
    assertThat(recorder.activeTunnels()).isZero();
    recorder.assertNoLateCalls();
  }

  /** Like the example of the same name in Netty: the last handler, which replaces itself. */
  private static final class PortUnification extends ByteToMessageDecoder {
    private final boolean again;

    PortUnification(boolean again) {
      this.again = again;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
      if (in.readableBytes() < 5) {
        return;
      }
      if (again) {
        ctx.pipeline().addLast(new PortUnification(false));
      } else {
        ctx.pipeline().addLast(new HttpRequestDecoder(), new HttpResponseEncoder());
      }
      ctx.pipeline().remove(this);
    }
  }
}
