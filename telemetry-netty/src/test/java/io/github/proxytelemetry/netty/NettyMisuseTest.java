package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a host has put together wrongly is said once, however many connections it has. */
class NettyMisuseTest {
  private static final Logger LOGGER = Logger.getLogger(NettyTelemetry.class.getName());

  private final RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
  private final NettyTelemetry netty = NettyTelemetry.create(recorder);
  private final Lines lines = new Lines();

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
    recorder.assertInvariants();
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
    assertThat(lines.said).singleElement().asString().contains("Http2FrameCodec");
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
    assertThat(lines.said).singleElement().asString().contains("HttpServerCodec");
    assertThat(recorder.connections()).allMatch(client -> client.bytesRead() == 9);
  }

  @Test
  void warnsOfAChannel_thatWasNotInstalled() {
    EmbeddedChannel upstream = new EmbeddedChannel();
    for (int i = 0; i < 3; i++) {
      netty.bind(upstream, recorder.startAttempt(Upstream.of("h", 1)));
    }
    upstream.finishAndReleaseAll();
    assertThat(lines.said).singleElement().asString().contains("installUpstream");
    assertThat(recorder.attempts()).hasSize(3);
  }

  @SuppressWarnings("deprecation") // That hosts still have it is what is tested.
  private static ChannelHandler multiplexCodec(boolean server) {
    return server
        ? io.netty.handler.codec.http2.Http2MultiplexCodecBuilder.forServer(new Ignoring()).build()
        : io.netty.handler.codec.http2.Http2MultiplexCodecBuilder.forClient(new Ignoring()).build();
  }

  @ChannelHandler.Sharable
  private static final class Ignoring extends ChannelInboundHandlerAdapter {}

  private static final class Lines extends Handler {
    private final List<String> said = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord line) {
      if (line.getLevel().intValue() >= Level.WARNING.intValue()) {
        said.add(line.getMessage());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
