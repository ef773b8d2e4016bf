package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.github.proxytelemetry.testing.Terminal;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Mistakes in a host's wiring are logged once, however many connections it has. */
class NettyMisuseTest {
  private static final Logger LOGGER = Logger.getLogger(NettyTelemetry.class.getName());

  private final RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
  private final NettyTelemetry netty = NettyTelemetry.create(recorder);
  private final Lines lines = new Lines();

  /** Whether the test lets the adapter's own code throw, which is against the invariants. */
  private boolean throwing;

  @BeforeEach
  void listen() {
    LOGGER.addHandler(lines);
    LOGGER.setUseParentHandlers(false);
  }

  @AfterEach
  void leavesNothingOpen() {
    LOGGER.removeHandler(lines);
    LOGGER.setUseParentHandlers(true);
    assertThat(recorder.activeConnections()).isZero();
    assertThat(recorder.activeAttempts()).isZero();
    assertThat(recorder.activeDials()).isZero();
    if (!throwing) {
      recorder.assertInvariants();
    }
  }

  @Test
  void warnsOfACodec_whoseFramesNeverPass() {
    for (int i = 0; i < 3; i++) {
      EmbeddedChannel client = new EmbeddedChannel(multiplexCodec(true));
      netty.installServer(client.pipeline());
      client.finishAndReleaseAll();
    }
    EmbeddedChannel upstream = new EmbeddedChannel(multiplexCodec(false));
    netty.installUpstream(upstream.pipeline(), recorder.startAttempt(Upstream.of("h", 1)));
    upstream.finishAndReleaseAll();
    assertThat(lines.messages).singleElement().asString().contains("Http2FrameCodec");
    assertThat(recorder.connections()).hasSize(3);
    assertThat(recorder.exchanges()).isEmpty();
  }

  @Test
  void warnsOfAPipeline_withoutACodec() {
    for (int i = 0; i < 3; i++) {
      EmbeddedChannel client = new EmbeddedChannel();
      netty.installServer(client.pipeline());
      client.writeInbound(Unpooled.wrappedBuffer(new byte[9]));
      client.finishAndReleaseAll();
    }
    assertThat(lines.messages).singleElement().asString().contains("HttpServerCodec");
    assertThat(recorder.connections()).allMatch(client -> client.bytesRead() == 9);
  }

  @Test
  void warnsOfAChannel_thatWasNotInstalled() {
    EmbeddedChannel upstream = new EmbeddedChannel();
    for (int i = 0; i < 3; i++) {
      netty.bind(upstream, recorder.startAttempt(Upstream.of("h", 1)));
    }
    upstream.finishAndReleaseAll();
    assertThat(lines.messages).singleElement().asString().contains("installUpstream");
    assertThat(recorder.attempts()).hasSize(3);
  }

  @Test
  @SuppressWarnings({"NullAway", "DataFlowIssue"}) // Hosts without a null checker pass null.
  void ignoresNull_inCallsOfARequest() {
    EmbeddedChannel channel = new EmbeddedChannel(new HttpServerCodec());
    List<String> before = channel.pipeline().names();
    for (int i = 0; i < 3; i++) {
      netty.installServer(null);
      netty.installUpstream(null, Upstream.of("h", 1));
      netty.installUpstream(channel.pipeline(), (Upstream) null);
      netty.installUpstream(channel.pipeline(), (AttemptObservation) null);
      netty.bind(null, new AttemptObservation() {});
      netty.bind(channel, null);
      netty.bindTunnel(null, channel);
      netty.bindTunnel(channel, null);
      NettyTelemetry.clientAddress(null, new InetSocketAddress(1));
      NettyTelemetry.clientAddress(channel, null);
      assertThat(NettyTelemetry.exchange(null)).isSameAs(Noop.EXCHANGE);
      assertThat(NettyTelemetry.tunnel(null)).isSameAs(Noop.TUNNEL);
    }
    assertThat(channel.pipeline().names()).isEqualTo(before);
    assertThat(lines.messages)
        .doesNotHaveDuplicates()
        .anyMatch(message -> message.contains("bind(…, attempt)"));
    channel.finishAndReleaseAll();
  }

  /** A host's message class may throw from its getters. */
  @Test
  void passesOnAMessage_thatItCannotRead() {
    throwing = true;
    EmbeddedChannel client = new EmbeddedChannel(new HttpServerCodec());
    netty.installServer(client.pipeline());
    for (int i = 0; i < 3; i++) {
      client.writeInbound(Unpooled.copiedBuffer(ServerFixture.GET, StandardCharsets.US_ASCII));
      assertThat(client.writeOutbound(new BrokenOnce())).isTrue();
    }
    assertThat(lines.messages).singleElement().asString().contains("IllegalStateException");
    client.finishAndReleaseAll();
    assertThat(recorder.exchanges()).hasSize(3).allMatch(e -> e.terminal() == Terminal.FAILED);
  }

  /** A class that is missing at run time is an Error, and no reason to close a connection. */
  @Test
  void passesOnAMessage_forWhichAClassIsMissing() {
    throwing = true;
    EmbeddedChannel client = new EmbeddedChannel(new HttpServerCodec());
    netty.installServer(client.pipeline());
    client.writeInbound(Unpooled.copiedBuffer(ServerFixture.GET, StandardCharsets.US_ASCII));
    assertThat(client.writeOutbound(new BrokenOnce(new NoClassDefFoundError()))).isTrue();
    client.checkException();
    assertThat(lines.messages).singleElement().asString().contains("NoClassDefFoundError");
    client.finishAndReleaseAll();
    assertThat(recorder.exchanges()).hasSize(1).allMatch(e -> e.terminal() == Terminal.FAILED);
  }

  /** Nobody but the process as a whole can act on it. */
  @Test
  void passesOnAnErrorOfTheVirtualMachine() {
    EmbeddedChannel client = new EmbeddedChannel(new HttpServerCodec());
    netty.installServer(client.pipeline());
    client.writeInbound(Unpooled.copiedBuffer(ServerFixture.GET, StandardCharsets.US_ASCII));
    assertThatThrownBy(() -> client.writeOutbound(new BrokenOnce(new OutOfMemoryError())))
        .isInstanceOf(OutOfMemoryError.class);
    client.finishAndReleaseAll();
  }

  private static final class BrokenOnce extends DefaultFullHttpResponse {
    private final @Nullable Error thrown;
    private boolean asked;

    BrokenOnce() {
      this(null);
    }

    BrokenOnce(@Nullable Error thrown) {
      super(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
      this.thrown = thrown;
    }

    @Override
    public HttpResponseStatus status() {
      if (!asked) {
        asked = true;
        if (thrown != null) {
          throw thrown;
        }
        throw new IllegalStateException();
      }
      return super.status();
    }
  }

  @SuppressWarnings("deprecation") // Hosts still use it.
  private static ChannelHandler multiplexCodec(boolean server) {
    return server
        ? io.netty.handler.codec.http2.Http2MultiplexCodecBuilder.forServer(new Ignoring()).build()
        : io.netty.handler.codec.http2.Http2MultiplexCodecBuilder.forClient(new Ignoring()).build();
  }

  @ChannelHandler.Sharable
  private static final class Ignoring extends ChannelInboundHandlerAdapter {}

  private static final class Lines extends Handler {
    private final List<String> messages = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord line) {
      if (line.getLevel().intValue() >= Level.WARNING.intValue()) {
        messages.add(line.getMessage());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
