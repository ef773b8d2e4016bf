package io.github.proxytelemetry.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Idle connections to the origin, by event loop, so that a request stays on its event loop. */
@SuppressWarnings("FutureReturnValueIgnored")
final class UpstreamPool {
  private final Map<EventLoop, Deque<Channel>> idle = new ConcurrentHashMap<>();

  @Nullable Channel acquire(EventLoop loop) {
    Channel channel = on(loop).poll();
    if (channel != null) {
      channel.pipeline().remove(Idle.class);
    }
    return channel;
  }

  void release(Channel channel) {
    channel.pipeline().addLast(new Idle());
    on(channel.eventLoop()).push(channel);
  }

  private Deque<Channel> on(EventLoop loop) {
    return idle.computeIfAbsent(loop, ignored -> new ArrayDeque<>());
  }

  /** Closes an idle connection on which unsolicited data arrives. */
  private final class Idle extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      ReferenceCountUtil.release(msg);
      discard(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      discard(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      discard(ctx);
    }

    private void discard(ChannelHandlerContext ctx) {
      on(ctx.channel().eventLoop()).remove(ctx.channel());
      ctx.close();
    }
  }
}
