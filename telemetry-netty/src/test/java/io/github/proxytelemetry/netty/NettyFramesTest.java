package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.testing.RecordedAttempt;
import io.github.proxytelemetry.testing.RecordedExchange;
import io.github.proxytelemetry.testing.Terminal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2ChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Hosts that read and write HTTP/2 frames, without a channel per stream. */
@SuppressWarnings("FutureReturnValueIgnored") // The recorder shows the result of each write.
class NettyFramesTest extends SocketFixture {
  private final List<ExchangeObservation> seen = new CopyOnWriteArrayList<>();

  @Test
  void distinguishesStreams_onBothSides() {
    Channel client = start();
    write(client, "POST", 30, false);
    write(client, "GET", 0, false);
    recorder.awaitUntil(
        "both are answered",
        () ->
            recorder.exchanges().size() == 2
                && recorder.activeExchanges() == 0
                && recorder.activeAttempts() == 0,
        TIMEOUT);
    close(client);
    // The second request is answered first.
    assertThat(seen).hasSize(2).doesNotHaveDuplicates();
    assertServed(exchange(0), "POST", 30, 200);
    assertServed(exchange(1), "GET", 0, 200);
    // Without stream channels no attempt can be bound, so the first stream gets the dial's.
    RecordedAttempt attempt = recorder.attempts().get(0);
    assertThat(recorder.attempts()).hasSize(1);
    assertThat(attempt.method()).isEqualTo("POST");
    assertThat(attempt.injections()).isOne();
    assertThat(attempt.requestBytes()).isEqualTo(30);
    assertThat(attempt.responseBytes()).isEqualTo(2);
    assertThat(attempt.terminal()).isEqualTo(Terminal.ENDED);
    assertThat(recorder.dials().get(0).bytesWritten())
        .isEqualTo(recorder.connections().get(0).bytesRead());
  }

  @Test
  void blamesAClient_thatResets() {
    Channel client = start();
    write(client, "POST", 30, true);
    recorder.awaitUntil(
        "it is over",
        () -> recorder.exchanges().size() == 1 && recorder.activeExchanges() == 0,
        TIMEOUT);
    close(client);
    assertThat(exchange(0).requestBytes()).isEqualTo(30);
    assertThat(exchange(0).blame().side()).isEqualTo(Side.DOWNSTREAM);
    assertThat(exchange(0).blame().error()).isEqualTo(ProxyError.CLIENT_ABORT);
    assertThat(recorder.attempts().get(0).terminal()).isEqualTo(Terminal.CANCELLED);
  }

  private void assertServed(RecordedExchange exchange, String method, int sent, int status) {
    assertThat(exchange.method()).isEqualTo(method);
    assertThat(exchange.status()).isEqualTo(status);
    assertThat(exchange.requestBytes()).isEqualTo(sent);
    assertThat(exchange.responseBytes()).isEqualTo(2);
    assertThat(exchange.requestEnded()).isTrue();
    assertThat(exchange.terminal()).isEqualTo(Terminal.ENDED);
    assertThat(exchange.blame()).isNull();
  }

  private Channel start() {
    Channel server =
        listen(
            client -> {
              client.pipeline().addLast(Http2FrameCodecBuilder.forServer().build(), new Origin());
              netty.installServer(client.pipeline());
            });
    AttemptObservation attempt = recorder.startAttempt(Upstream.of("127.0.0.1", 1));
    return dial(
            server.localAddress(),
            upstream -> {
              upstream.pipeline().addLast(Http2FrameCodecBuilder.forClient().build(), new Caller());
              netty.installUpstream(upstream.pipeline(), attempt);
            })
        .syncUninterruptibly()
        .channel();
  }

  /** Writes a request as frames, optionally with a reset in place of its end. */
  private static void write(Channel client, String method, int body, boolean reset) {
    client
        .eventLoop()
        .execute(
            () -> {
              Http2FrameStream stream = client.pipeline().get(Caller.class).newStream();
              Http2Headers head =
                  new DefaultHttp2Headers().method(method).scheme("http").path("/").authority("a");
              client.writeAndFlush(new DefaultHttp2HeadersFrame(head, body == 0).stream(stream));
              if (body > 0) {
                client.writeAndFlush(new DefaultHttp2DataFrame(bytes(body), !reset).stream(stream));
              }
              if (reset) {
                client.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL).stream(stream));
              }
            });
  }

  private void close(Channel client) {
    client.close().syncUninterruptibly();
    recorder.awaitUntil("the client has left", () -> recorder.activeConnections() == 0, TIMEOUT);
  }

  private static ByteBuf bytes(int count) {
    return Unpooled.wrappedBuffer(new byte[count]);
  }

  /** Answers once two requests were read, the later one first. */
  private final class Origin extends ChannelInboundHandlerAdapter {
    private final Deque<Http2FrameStream> whole = new ArrayDeque<>();

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      boolean last = false;
      if (msg instanceof Http2HeadersFrame head) {
        seen.add(NettyTelemetry.exchange(ctx.channel()));
        last = head.isEndStream();
        if (last) {
          whole.push(head.stream());
        }
      } else if (msg instanceof Http2DataFrame data) {
        last = data.isEndStream();
        if (last) {
          whole.push(data.stream());
        }
      }
      ReferenceCountUtil.release(msg);
      if (last && whole.size() == 2) {
        whole.forEach(stream -> answer(ctx, stream));
        ctx.flush();
      }
    }

    private void answer(ChannelHandlerContext ctx, Http2FrameStream stream) {
      ctx.write(
          new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200")).stream(stream));
      ctx.write(new DefaultHttp2DataFrame(bytes(2), true).stream(stream));
    }
  }

  private static final class Caller extends Http2ChannelDuplexHandler {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      ReferenceCountUtil.release(msg);
    }
  }
}
