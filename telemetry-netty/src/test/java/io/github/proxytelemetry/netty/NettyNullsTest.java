package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.testing.NullArguments;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Null is a mistake of the host's that none of its users may notice. */
class NettyNullsTest {
  private final RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
  private final List<EmbeddedChannel> channels = new ArrayList<>();

  @AfterEach
  void leavesNothingOpen() {
    channels.forEach(EmbeddedChannel::finishAndReleaseAll);
    assertThat(recorder.activeConnections()).isZero();
    assertThat(recorder.activeDials()).isZero();
  }

  @Test
  void ignoresNull_inEveryCall() {
    nulls(NettyTelemetry.class)
        .failsFast("create(ProxyTelemetry)")
        .failsFast("observeServers(Predicate)")
        .check(() -> NettyTelemetry.create(recorder));
  }

  @Test
  void ignoresNull_inEveryCall_whenOff() {
    nulls(NettyTelemetry.class)
        .failsFast("create(ProxyTelemetry)")
        .failsFast("observeServers(Predicate)")
        .check(() -> NettyTelemetry.create(ProxyTelemetry.noop()));
  }

  private NullArguments nulls(Class<?> type) {
    return NullArguments.of(type)
        .value(Predicate.class, () -> channel -> false)
        .value(ProxyTelemetry.class, () -> recorder)
        .value(Channel.class, this::channel)
        .value(ChannelPipeline.class, () -> channel().pipeline())
        .value(AttemptObservation.class, () -> Noop.ATTEMPT)
        .value(Upstream.class, () -> Upstream.of("origin.test", 80))
        .value(SocketAddress.class, () -> InetSocketAddress.createUnresolved("client.test", 1))
        .value(Throwable.class, IllegalStateException::new);
  }

  private Channel channel() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channels.add(channel);
    return channel;
  }
}
