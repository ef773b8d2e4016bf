package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testing.RecordedExchange;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;

/** Embedded client channel, with the invariants that hold after it is closed. */
@SuppressWarnings("FutureReturnValueIgnored") // The recorder shows the result of each write.
abstract class ServerFixture {
  static final String GET = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";

  final RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();

  final NettyTelemetry netty = NettyTelemetry.create(recorder);

  final EmbeddedChannel channel =
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

  RecordedExchange exchange(int index) {
    return recorder.exchanges().get(index);
  }

  void read(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    for (Object m = channel.readInbound(); m != null; m = channel.readInbound()) {
      ReferenceCountUtil.release(m);
    }
  }

  String written() {
    StringBuilder text = new StringBuilder();
    for (ByteBuf b = channel.readOutbound(); b != null; b = channel.readOutbound()) {
      text.append(new String(ByteBufUtil.getBytes(b), StandardCharsets.ISO_8859_1));
      b.release();
    }
    return text.toString();
  }

  static FullHttpResponse full(int status, int length) {
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
