package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyTelemetry;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2ChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.HttpConversionUtil.ExtensionHeaderNames;
import io.netty.handler.codec.http2.HttpToHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.InboundHttp2ToHttpAdapterBuilder;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/**
 * Netty's older way to HTTP/2: a codec that turns all streams of a connection into messages of
 * HTTP/1.1, and whose frames never pass the pipeline. Only the connection can be observed.
 */
@SuppressWarnings("FutureReturnValueIgnored") // The client shows the result of each write.
class Http2AsHttpTest extends SocketFixture {
  private static final Logger LOGGER = Logger.getLogger(NettyTelemetry.class.getName());
  private static final int REQUESTS = 3;

  @Test
  void observesTheConnectionAlone_saysSoOnce_andChangesNothing() throws Exception {
    List<String> off = answers(NettyTelemetry.create(ProxyTelemetry.noop()));
    assertThat(off).hasSize(2 * REQUESTS).contains("200", "hello");
    Lines lines = new Lines();
    LOGGER.addHandler(lines);
    try {
      assertThat(answers(netty)).isEqualTo(off);
      assertThat(answers(netty)).isEqualTo(off);
    } finally {
      LOGGER.removeHandler(lines);
    }
    recorder.awaitUntil("both have left", () -> recorder.activeConnections() == 0, TIMEOUT);
    assertThat(recorder.connections())
        .hasSize(2)
        .allSatisfy(each -> assertThat(each.bytesRead()).isPositive())
        .allSatisfy(each -> assertThat(each.bytesWritten()).isPositive());
    assertThat(recorder.exchanges()).isEmpty();
    assertThat(lines.messages).singleElement().asString().contains("Http2FrameCodec");
  }

  private List<String> answers(NettyTelemetry telemetry) throws Exception {
    Channel server =
        listen(
            client -> {
              DefaultHttp2Connection connection = new DefaultHttp2Connection(true);
              client
                  .pipeline()
                  .addLast(
                      new HttpToHttp2ConnectionHandlerBuilder()
                          .connection(connection)
                          .frameListener(
                              new InboundHttp2ToHttpAdapterBuilder(connection)
                                  .maxContentLength(1000)
                                  .build())
                          .build(),
                      new Hello());
              telemetry.installServer(client.pipeline());
            });
    Caller caller = new Caller();
    Channel client =
        dial(
                server.localAddress(),
                at -> at.pipeline().addLast(Http2FrameCodecBuilder.forClient().build(), caller))
            .sync()
            .channel();
    for (int i = 0; i < REQUESTS; i++) {
      client.eventLoop().submit(() -> get(client)).sync();
    }
    assertThat(caller.answered.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    client.close().sync();
    server.close().sync();
    return List.copyOf(caller.received);
  }

  private static void get(Channel client) {
    Http2FrameStream stream = client.pipeline().get(Caller.class).newStream();
    client.writeAndFlush(
        new DefaultHttp2HeadersFrame(
                new DefaultHttp2Headers().method("GET").scheme("http").path("/").authority("a"),
                true)
            .stream(stream));
  }

  private static final class Hello extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
      DefaultFullHttpResponse response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1,
              HttpResponseStatus.OK,
              Unpooled.copiedBuffer("hello", StandardCharsets.US_ASCII));
      HttpUtil.setContentLength(response, 5);
      CharSequence stream = ExtensionHeaderNames.STREAM_ID.text();
      response.headers().set(stream, request.headers().get(stream));
      ctx.writeAndFlush(response);
    }
  }

  private static final class Caller extends Http2ChannelDuplexHandler {
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final CountDownLatch answered = new CountDownLatch(REQUESTS);

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      if (msg instanceof Http2HeadersFrame head) {
        received.add(String.valueOf(head.headers().status()));
      }
      if (msg instanceof Http2DataFrame data) {
        received.add(data.content().toString(StandardCharsets.US_ASCII));
        if (data.isEndStream()) {
          answered.countDown();
        }
      }
      ReferenceCountUtil.release(msg);
    }
  }

  private static final class Lines extends Handler {
    private final List<String> messages = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord line) {
      messages.add(line.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
