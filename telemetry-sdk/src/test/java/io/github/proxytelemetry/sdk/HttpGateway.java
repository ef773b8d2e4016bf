package io.github.proxytelemetry.sdk;

import io.grpc.netty.shaded.io.netty.bootstrap.ServerBootstrap;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ChannelInitializer;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2DataFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.grpc.netty.shaded.io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * HTTP/2 server that knows no gRPC, such as a balancer in front of a collector. It answers in a
 * scripted order, and after the script as a collector that takes all.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class HttpGateway implements AutoCloseable {
  /** What must not reach a log: part of each head and body. */
  static final String TEXT = "words-of-the-gateway";

  private record Answer(int status, String grpcStatus) {}

  private final Queue<Answer> script = new ConcurrentLinkedQueue<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final EventLoopGroup threads =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Channel server;

  HttpGateway() {
    server =
        new ServerBootstrap()
            .group(threads)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel connection) {
                    connection
                        .pipeline()
                        .addLast(
                            Http2FrameCodecBuilder.forServer().build(),
                            new Http2MultiplexHandler(streams()));
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .syncUninterruptibly()
            .channel();
  }

  /** Address without a scheme, which is gRPC in plaintext. */
  String address() {
    return "127.0.0.1:" + ((InetSocketAddress) server.localAddress()).getPort();
  }

  /** Answers that many of the next requests so; {@code grpcStatus} is empty for none. */
  void answer(int status, String grpcStatus, int times) {
    for (int i = 0; i < times; i++) {
      script.add(new Answer(status, grpcStatus));
    }
  }

  int requests() {
    return requests.get();
  }

  @Override
  public void close() {
    server.close().syncUninterruptibly();
    threads.shutdownGracefully();
  }

  private ChannelInitializer<Channel> streams() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel stream) {
        stream.pipeline().addLast(new Stream());
      }
    };
  }

  private final class Stream extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) {
      boolean last = frame instanceof Http2DataFrame data && data.isEndStream();
      ReferenceCountUtil.release(frame);
      if (!last) {
        return;
      }
      requests.incrementAndGet();
      Answer answer = script.poll();
      if (answer == null) {
        accept(context);
      } else {
        refuse(context, answer);
      }
    }
  }

  private static void accept(ChannelHandlerContext context) {
    Http2Headers head = new DefaultHttp2Headers().status("200");
    context.write(
        new DefaultHttp2HeadersFrame(head.set("content-type", "application/grpc"), false));
    context.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(new byte[5])));
    Http2Headers trailers = new DefaultHttp2Headers().set("grpc-status", "0");
    context.writeAndFlush(new DefaultHttp2HeadersFrame(trailers, true));
  }

  private static void refuse(ChannelHandlerContext context, Answer answer) {
    Http2Headers head =
        new DefaultHttp2Headers()
            .status(Integer.toString(answer.status))
            .set("content-type", "text/html")
            .set("location", "http://127.0.0.1:1/" + TEXT)
            .set("server", TEXT);
    if (!answer.grpcStatus.isEmpty()) {
      head.set("grpc-status", answer.grpcStatus).set("grpc-message", TEXT);
    }
    context.write(new DefaultHttp2HeadersFrame(head, false));
    byte[] page = ("<p>" + TEXT).getBytes(StandardCharsets.US_ASCII);
    context.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(page), true));
  }
}
