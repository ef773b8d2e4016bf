package io.github.proxytelemetry.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;

/** One end of a relay, which passes on a half-close. */
@SuppressWarnings("FutureReturnValueIgnored")
final class RelayHandler extends ChannelInboundHandlerAdapter {
  private final Channel peer;
  private boolean inputShutdown;

  RelayHandler(Channel peer) {
    this.peer = peer;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (!(msg instanceof ByteBuf)) {
      ReferenceCountUtil.release(msg);
      return;
    }
    peer.writeAndFlush(msg);
    if (!peer.isWritable()) {
      ctx.channel().config().setAutoRead(false);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    peer.config().setAutoRead(ctx.channel().isWritable());
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof IdleStateEvent) {
      closePeer();
      ctx.close();
      return;
    }
    if (!(event instanceof ChannelInputShutdownEvent)) {
      return;
    }
    if (inputShutdown) {
      return;
    }
    inputShutdown = true;
    RelayHandler other = peer.pipeline().get(RelayHandler.class);
    if (other == null || other.inputShutdown) {
      closePeer();
      ctx.close();
    } else if (peer instanceof DuplexChannel duplex) {
      peer.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> duplex.shutdownOutput());
    } else {
      peer.writeAndFlush(new DefaultHttp2DataFrame(true));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    closePeer();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  private void closePeer() {
    if (peer instanceof DuplexChannel) {
      peer.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    } else {
      peer.writeAndFlush(new DefaultHttp2DataFrame(true)).addListener(ChannelFutureListener.CLOSE);
    }
  }
}
