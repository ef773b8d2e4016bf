package io.github.proxytelemetry.hosts.grpc;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Handler of a client's stream: relays its frames to a stream to the origin, and back. */
@SuppressWarnings("FutureReturnValueIgnored")
final class FrameRelay extends ChannelInboundHandlerAdapter {
  private final GrpcUpstream connection;
  private final Queue<Object> waiting = new ArrayDeque<>();
  private @Nullable AttemptObservation attempt;
  private @Nullable Channel upstream;
  private boolean over;

  FrameRelay(GrpcUpstream connection) {
    this.connection = connection;
  }

  @Override
  public void channelRead(ChannelHandlerContext client, Object msg) {
    Object frame = copy(msg);
    if (frame == null) {
      ReferenceCountUtil.release(msg);
      return;
    }
    if (upstream != null) {
      upstream.writeAndFlush(frame);
      return;
    }
    waiting.add(frame);
    if (attempt == null) {
      ExchangeObservation exchange = NettyTelemetry.exchange(client.channel());
      attempt = exchange.startAttempt(Upstream.of("127.0.0.1", 1));
      connection.open(
          attempt, new Back(client.channel(), exchange), stream -> opened(client, stream));
    }
  }

  /** The client reset the stream, or the response is complete. */
  @Override
  public void channelInactive(ChannelHandlerContext client) {
    over = true;
    if (upstream != null) {
      upstream.close();
    }
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
  }

  private void opened(ChannelHandlerContext client, @Nullable Http2StreamChannel stream) {
    if (stream == null || over) {
      client.close();
      return;
    }
    upstream = stream;
    for (Object frame = waiting.poll(); frame != null; frame = waiting.poll()) {
      stream.write(frame);
    }
    stream.flush();
  }

  /** A frame without the stream that it was read on; {@code null} for one that is not relayed. */
  private static @Nullable Object copy(Object msg) {
    if (msg instanceof Http2HeadersFrame head) {
      return new DefaultHttp2HeadersFrame(head.headers(), head.isEndStream());
    }
    return msg instanceof Http2DataFrame data
        ? new DefaultHttp2DataFrame(data.content(), data.isEndStream(), data.padding())
        : null;
  }

  /** Handler of the stream to the origin. */
  private static final class Back extends ChannelInboundHandlerAdapter {
    private final Channel client;
    private final ExchangeObservation exchange;
    private boolean complete;

    Back(Channel client, ExchangeObservation exchange) {
      this.client = client;
      this.exchange = exchange;
    }

    @Override
    public void channelRead(ChannelHandlerContext origin, Object msg) {
      Object frame = copy(msg);
      if (frame == null) {
        ReferenceCountUtil.release(msg);
        return;
      }
      complete = msg instanceof Http2HeadersFrame head ? head.isEndStream() : isLast(msg);
      client.writeAndFlush(frame);
    }

    @Override
    public void channelInactive(ChannelHandlerContext origin) {
      if (!complete && client.isActive()) {
        exchange.note(Side.UPSTREAM, ProxyError.CONNECTION_TERMINATED, null);
        client.close();
      }
    }

    private static boolean isLast(Object msg) {
      return msg instanceof Http2DataFrame data && data.isEndStream();
    }
  }
}
