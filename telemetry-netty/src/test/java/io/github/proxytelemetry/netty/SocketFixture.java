package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testing.RecordedExchange;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;

/** Channels on real sockets, with the invariants that hold after they are closed. */
abstract class SocketFixture {
  static final Duration TIMEOUT = Duration.ofSeconds(10);

  final RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
  final NettyTelemetry netty = NettyTelemetry.create(recorder);
  final EventLoopGroup loops = Loops.create(1);

  /** Listens on a free port. */
  Channel listen(Consumer<Channel> accepted) {
    return new ServerBootstrap()
        .group(loops)
        .channel(NioServerSocketChannel.class)
        .childHandler(initializer(accepted))
        .bind("127.0.0.1", 0)
        .syncUninterruptibly()
        .channel();
  }

  ChannelFuture dial(SocketAddress address, Consumer<Channel> dialled) {
    return dialler(dialled).connect(address);
  }

  Bootstrap dialler(Consumer<Channel> dialled) {
    return new Bootstrap()
        .group(loops)
        .channel(NioSocketChannel.class)
        .handler(initializer(dialled));
  }

  RecordedExchange exchange(int index) {
    return recorder.exchanges().get(index);
  }

  @AfterEach
  void leavesNothingOpen() {
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    recorder.awaitIdle(TIMEOUT);
    recorder.assertInvariants();
    assertThat(recorder.activeConnections()).isZero();
    assertThat(recorder.activeExchanges()).isZero();
    assertThat(recorder.activeAttempts()).isZero();
    assertThat(recorder.activeTunnels()).isZero();
    assertThat(recorder.activeDials()).isZero();
  }

  private static ChannelInitializer<Channel> initializer(Consumer<Channel> content) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        content.accept(channel);
      }
    };
  }
}
