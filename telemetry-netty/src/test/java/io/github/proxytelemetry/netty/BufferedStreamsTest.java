package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.testing.RecordedAttempt;
import io.github.proxytelemetry.testing.Terminal;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Streams that the codec holds back because of the upstream's limit. */
@SuppressWarnings("FutureReturnValueIgnored") // The recorder shows the result of each write.
class BufferedStreamsTest extends SocketFixture {
  private static final Upstream ORIGIN = Upstream.of("127.0.0.1", 80);

  private final CountDownLatch settings = new CountDownLatch(1);

  @Test
  void mayBeRetried_whenTheUpstreamGoesAway() throws Exception {
    Channel server = listen(this::serve);
    Channel connection = dial(server.localAddress(), this::dialled).syncUninterruptibly().channel();
    assertThat(settings.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    Http2StreamChannel served = open(connection);
    Http2StreamChannel heldBack = open(connection);
    // In one task, so that the answer to the first comes after the second.
    loops.execute(
        () -> {
          request(served);
          request(heldBack);
        });
    recorder.awaitUntil(
        "both are over",
        () -> recorder.attempts().size() == 2 && recorder.activeAttempts() == 0,
        TIMEOUT);
    connection.close().syncUninterruptibly();
    server.close().syncUninterruptibly();
    RecordedAttempt unsent = recorder.attempts().get(1);
    assertThat(unsent.failure().side()).isEqualTo(Side.UPSTREAM);
    assertThat(unsent.failure().error()).isEqualTo(ProxyError.DESTINATION_UNAVAILABLE);
    assertThat(recorder.attempts().get(0).terminal()).isEqualTo(Terminal.ENDED);
  }

  private static Http2StreamChannel open(Channel connection) {
    return new Http2StreamChannelBootstrap(connection)
        .handler(new ChannelInboundHandlerAdapter())
        .open()
        .syncUninterruptibly()
        .getNow();
  }

  private void request(Http2StreamChannel stream) {
    netty.bind(stream, recorder.startAttempt(ORIGIN));
    stream.writeAndFlush(
        new DefaultHttp2HeadersFrame(
            new DefaultHttp2Headers().method("GET").scheme("http").authority("h").path("/"), true));
  }

  private void dialled(Channel channel) {
    channel
        .pipeline()
        .addLast(
            Http2FrameCodecBuilder.forClient().encoderEnforceMaxConcurrentStreams(true).build());
    channel.pipeline().addLast(new Http2MultiplexHandler(new Ignoring()));
    channel
        .pipeline()
        .addLast(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext ctx, Object msg) {
                if (msg instanceof Http2SettingsFrame) {
                  settings.countDown();
                }
                ReferenceCountUtil.release(msg);
              }
            });
    netty.installUpstream(channel.pipeline(), ORIGIN);
  }

  private void serve(Channel channel) {
    channel
        .pipeline()
        .addLast(
            Http2FrameCodecBuilder.forServer()
                .initialSettings(Http2Settings.defaultSettings().maxConcurrentStreams(1))
                .build());
    channel
        .pipeline()
        .addLast(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext ctx, Object msg) {
                if (msg instanceof Http2HeadersFrame head) {
                  ctx.write(
                      new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR, Unpooled.EMPTY_BUFFER));
                  ctx.writeAndFlush(
                      new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("204"), true)
                          .stream(head.stream()));
                }
                ReferenceCountUtil.release(msg);
              }
            });
  }

  private static final class Ignoring extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {}
  }
}
