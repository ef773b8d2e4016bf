package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.testing.RecordedFailure;
import io.github.proxytelemetry.testing.RecordedMessages;
import io.github.proxytelemetry.testing.Terminal;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** A DNS server that never answers. */
class NettyNamesTest extends SocketFixture {
  @Test
  void distinguishesADnsTimeout_fromAnUnknownName() throws Exception {
    ExchangeObservation exchange = recorder.startExchange(() -> "GET");
    AttemptObservation attempt = exchange.startAttempt(Upstream.of("late.example", 80));
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        DnsAddressResolverGroup names =
            new DnsAddressResolverGroup(
                new DnsNameResolverBuilder()
                    .datagramChannelType(NioDatagramChannel.class)
                    .nameServerProvider(
                        new SingletonDnsServerAddressStreamProvider(
                            (InetSocketAddress) silent.getLocalSocketAddress()))
                    .queryTimeoutMillis(100))) {
      ChannelFuture dialled =
          dialler(
                  upstream -> {
                    upstream.pipeline().addLast(new HttpClientCodec());
                    netty.installUpstream(upstream.pipeline(), attempt);
                  })
              .resolver(names)
              .connect("late.example", 80)
              .awaitUninterruptibly();
      assertThat(NettyTelemetry.classify(dialled.cause())).isEqualTo(ProxyError.DNS_TIMEOUT);
      exchange.note(Side.UPSTREAM, NettyTelemetry.classify(dialled.cause()), dialled.cause());
      exchange.responseStarted(504);
      exchange.responseEnd();
      exchange.end();
    }
    assertFailed(recorder.attempts().get(0), ProxyError.DNS_ERROR);
    assertThat(recorder.dials()).hasSize(1);
    assertThat(recorder.dials().get(0).phases()).containsExactly(ConnectionPhase.DNS_LOOKUP);
    assertThat(recorder.dials().get(0).terminal()).isEqualTo(Terminal.FAILED);
    RecordedFailure blame = exchange(0).blame();
    assertThat(blame.error()).isEqualTo(ProxyError.DNS_TIMEOUT);
    assertThat(blame.side()).isEqualTo(Side.UPSTREAM);
  }

  private static void assertFailed(RecordedMessages attempt, ProxyError error) {
    assertThat(attempt.terminal()).isEqualTo(Terminal.FAILED);
    assertThat(attempt.failure().error()).isEqualTo(error);
    assertThat(attempt.failure().side()).isEqualTo(Side.UPSTREAM);
  }
}
