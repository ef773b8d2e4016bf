package io.github.proxytelemetry.hosts.netty;

import io.github.proxytelemetry.hosts.ClientScript;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

/** Streams of one connection with prior knowledge, the last of which the client resets. */
@SuppressWarnings("FutureReturnValueIgnored") // The response tells.
final class PriorKnowledgeScript implements ClientScript.Play {
  private static final int SECONDS = 20;
  private static final List<String> PATHS =
      List.of("/", "/large", "/large-chunked", "/missing", "/empty", "/broken", "/echo", "/reset");

  @Override
  public void on(ClientScript script) throws Exception {
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try {
      Channel connection = connect(script, loop);
      for (String path : PATHS) {
        Answer answer = new Answer(false);
        send(script, connection, path, answer);
        script.record(path + " " + answer.text.get(SECONDS, TimeUnit.SECONDS));
        script.count(answer.status);
      }
      Answer broken = new Answer(true);
      send(script, connection, "/large", broken);
      broken.text.get(SECONDS, TimeUnit.SECONDS);
      script.count(broken.status);
      connection.close().sync();
    } finally {
      loop.shutdownGracefully(0, SECONDS, TimeUnit.SECONDS).sync();
    }
  }

  private static Channel connect(ClientScript script, EventLoopGroup loop) throws Exception {
    return new Bootstrap()
        .group(loop)
        .channel(NioSocketChannel.class)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                channel
                    .pipeline()
                    .addLast(
                        Http2FrameCodecBuilder.forClient().build(),
                        new Http2MultiplexHandler(new Unexpected()));
              }
            })
        .connect(script.proxy())
        .sync()
        .channel();
  }

  private static void send(
      ClientScript script, Channel connection, String path, ChannelHandler answer)
      throws Exception {
    Http2StreamChannel stream =
        new Http2StreamChannelBootstrap(connection)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(new Http2StreamFrameToHttpObjectCodec(false), answer);
                  }
                })
            .open()
            .sync()
            .getNow();
    boolean post = path.equals("/echo");
    ByteBuf body = post ? Unpooled.wrappedBuffer(new byte[100_000]) : Unpooled.EMPTY_BUFFER;
    DefaultFullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, post ? HttpMethod.POST : HttpMethod.GET, path, body);
    request.headers().set("host", script.authority());
    stream.writeAndFlush(request);
  }

  /** Status, length and checksum of a response, which may be reset at its first bytes. */
  private static final class Answer extends ChannelInboundHandlerAdapter {
    final CompletableFuture<String> text = new CompletableFuture<>();
    private final boolean resets;
    private final CRC32 sum = new CRC32();
    volatile int status;
    private long length;

    Answer(boolean resets) {
      this.resets = resets;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof HttpResponse head) {
        status = head.status().code();
      }
      if (message instanceof HttpContent content) {
        length += content.content().readableBytes();
        sum.update(content.content().nioBuffer());
      }
      if (message instanceof LastHttpContent) {
        text.complete(status + " " + length + " bytes, CRC " + sum.getValue());
      } else if (resets && length > 0) {
        ctx.close().addListener(closed -> text.complete("reset"));
      }
      ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      text.completeExceptionally(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      text.completeExceptionally(new IllegalStateException("closed without an answer"));
    }
  }

  /** Stream that the server opens, which it does not. */
  @ChannelHandler.Sharable
  private static final class Unexpected extends ChannelInboundHandlerAdapter {}
}
