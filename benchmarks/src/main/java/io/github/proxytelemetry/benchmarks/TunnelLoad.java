package io.github.proxytelemetry.benchmarks;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

/**
 * Load generator for tunnels: opens one with {@code CONNECT}, sends one request through it, closes
 * it, and opens the next, on so many connections at the same time. Runs on one event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails closes its connection.
final class TunnelLoad {
  private static final int MAX_BODY = 1 << 16;
  private static final int NANOS_PER_MICRO = 1000;

  private final Bootstrap proxy;
  private final String origin;
  private final LongPredicate goesOn;
  private final CompletableFuture<long[]> done = new CompletableFuture<>();

  // Of the event loop.
  private final LongStream.Builder micros = LongStream.builder();
  private long begun;
  private int open;

  /** Begins no tunnel after so long. */
  static Load during(Duration duration, EventLoopGroup loop, int proxy, int origin, int connections)
      throws InterruptedException {
    long start = System.nanoTime();
    return new TunnelLoad(
            loop, proxy, origin, begun -> System.nanoTime() - start < duration.toNanos())
        .run(connections);
  }

  /** Opens so many tunnels. */
  static void exactly(int tunnels, EventLoopGroup loop, int proxy, int origin)
      throws InterruptedException {
    Load load = new TunnelLoad(loop, proxy, origin, begun -> begun < tunnels).run(2);
    Instrumentation.require(load.requests() == tunnels, "tunnels");
  }

  private TunnelLoad(EventLoopGroup loop, int proxy, int origin, LongPredicate goesOn) {
    this.origin = "127.0.0.1:" + origin;
    this.goesOn = goesOn;
    this.proxy =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .remoteAddress(InetAddress.getLoopbackAddress(), proxy);
  }

  private Load run(int connections) throws InterruptedException {
    long start = System.nanoTime();
    proxy
        .config()
        .group()
        .execute(
            () -> {
              for (int i = 0; i < connections; i++) {
                next();
              }
            });
    try {
      return Load.of(done.get(), Duration.ofNanos(System.nanoTime() - start));
    } catch (ExecutionException e) {
      throw new IllegalStateException("A tunnel failed", e.getCause());
    }
  }

  private void next() {
    if (goesOn.test(begun)) {
      begun++;
      open++;
      Client client = new Client();
      proxy
          .clone()
          .handler(
              Network.filling(
                  pipeline ->
                      pipeline.addLast(
                          new HttpClientCodec(new HttpDecoderConfig(), true, false),
                          new HttpObjectAggregator(MAX_BODY),
                          client)))
          .connect()
          .addListener(
              connected -> {
                if (!connected.isSuccess()) {
                  done.completeExceptionally(connected.cause());
                }
              });
    } else if (open == 0) {
      done.complete(micros.build().toArray());
    }
  }

  /** One tunnel. */
  private final class Client extends SimpleChannelInboundHandler<FullHttpResponse> {
    private final long start = System.nanoTime();
    private boolean established;
    private boolean answered;

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      send(ctx, HttpMethod.CONNECT, origin);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
      if (!response.status().equals(HttpResponseStatus.OK)) {
        ctx.close();
      } else if (established) {
        answered = true;
        micros.add((System.nanoTime() - start) / NANOS_PER_MICRO);
        ctx.close();
      } else {
        established = true;
        send(ctx, HttpMethod.GET, "/users/7?full=1");
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      open--;
      if (answered) {
        next();
      } else {
        done.completeExceptionally(new IllegalStateException("closed without an answer"));
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      done.completeExceptionally(cause);
      ctx.close();
    }

    private void send(ChannelHandlerContext ctx, HttpMethod method, String target) {
      DefaultFullHttpRequest request =
          new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, target, Unpooled.EMPTY_BUFFER);
      request.headers().set(HttpHeaderNames.HOST, origin);
      ctx.writeAndFlush(request);
    }
  }
}
