package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.testing.RecordedConnection;
import io.github.proxytelemetry.testing.RecordedTunnel;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.github.proxytelemetry.testing.Terminal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bytes that count as written on a slow network. */
@SuppressWarnings("FutureReturnValueIgnored") // The recorder shows the result of each write.
class FlushedBytesTest {
  private final RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
  private final NettyTelemetry netty = NettyTelemetry.create(recorder);
  private final SlowNetwork upstream = new SlowNetwork();
  private final EmbeddedChannel client = new EmbeddedChannel(new HttpServerCodec());
  private final List<ByteBuf> written = new ArrayList<>();

  @AfterEach
  void leavesNothingOpen() {
    upstream.finishAndReleaseAll();
    client.finishAndReleaseAll();
    assertThat(written).allSatisfy(buffer -> assertThat(buffer.refCnt()).isZero());
    assertThat(recorder.activeTunnels()).isZero();
    assertThat(recorder.activeConnections()).isZero();
    assertThat(recorder.activeDials()).isZero();
    recorder.assertInvariants();
  }

  @Test
  void countsWhatIsFlushed_andNotWhatIsWritten() {
    dial();
    upstream.write(bytes(10));
    upstream.takeAll();
    assertThat(dialled().bytesWritten()).isZero();
    upstream.flush();
    assertThat(dialled().bytesWritten()).isEqualTo(10);
  }

  @Test
  void countsToTheByte_atEveryEvent() {
    dial();
    upstream.take(15);
    upstream.write(bytes(10));
    upstream.write(Unpooled.EMPTY_BUFFER);
    upstream.writeAndFlush(bytes(10));
    assertThat(dialled().bytesWritten()).isEqualTo(15);
    upstream.take(2);
    upstream.pipeline().fireChannelReadComplete();
    assertThat(dialled().bytesWritten()).isEqualTo(17);
    upstream.write(bytes(100));
    upstream.take(1);
    upstream.pipeline().fireChannelWritabilityChanged();
    assertThat(dialled().bytesWritten()).isEqualTo(18);
    upstream.take(1);
    upstream.close();
    assertThat(dialled().bytesWritten()).isEqualTo(19);
  }

  @Test
  void readsProgressAtTheEndOfLaterWrites_onceTheNetworkIsFull() {
    dial();
    upstream.writeAndFlush(bytes(10));
    upstream.writeAndFlush(bytes(20));
    upstream.writeAndFlush(bytes(30), upstream.unsafe().voidPromise());
    upstream.take(30);
    assertThat(dialled().bytesWritten()).isEqualTo(30);
    upstream.take(10);
    upstream.breakOff();
    assertThat(dialled().bytesWritten()).isEqualTo(30);
  }

  @Test
  void countsToTheByte_whereAListenerWritesDuringAFlush() {
    dial();
    upstream.take(35);
    upstream
        .write(bytes(10))
        .addListener(
            written -> {
              upstream.write(bytes(7));
              upstream.writeAndFlush(bytes(40));
            });
    upstream.write(bytes(20));
    upstream.flush();
    assertThat(dialled().bytesWritten()).isEqualTo(35);
    upstream.take(1);
    upstream.pipeline().fireChannelWritabilityChanged();
    assertThat(dialled().bytesWritten()).isEqualTo(36);
    upstream.takeAll();
    assertThat(dialled().bytesWritten()).isEqualTo(77);
    upstream.writeAndFlush(bytes(1));
    assertThat(dialled().bytesWritten()).isEqualTo(78);
  }

  @Test
  void countsWhatAListenerWrites_onceItIsFlushed() {
    dial();
    upstream.takeAll();
    upstream.write(bytes(10)).addListener(written -> upstream.write(bytes(7)));
    upstream.flush();
    assertThat(dialled().bytesWritten()).isEqualTo(10);
    upstream.flush();
    assertThat(dialled().bytesWritten()).isEqualTo(17);
  }

  @Test
  void countsToTheByte_whereAListenerClosesDuringAFlush() {
    dial();
    upstream.take(15);
    upstream.write(bytes(10)).addListener(written -> upstream.close());
    upstream.write(bytes(20));
    upstream.flush();
    assertThat(dialled().bytesWritten()).isBetween(10L, 15L);
  }

  @Test
  void countsWhatIsLeft_whereAWriteWasCancelled() {
    dial();
    upstream.write(bytes(10));
    upstream.write(bytes(100)).cancel(false);
    upstream.write(bytes(20));
    upstream.take(5);
    upstream.flush();
    upstream.takeAll();
    upstream.pipeline().fireChannelWritabilityChanged();
    long taken = dialled().bytesWritten();
    upstream.writeAndFlush(bytes(3));
    assertThat(dialled().bytesWritten()).isEqualTo(taken + 3);
  }

  @Test
  void countsForATunnel_whatWasWrittenButNotFlushedBefore() {
    connect();
    upstream.write(bytes(4));
    upstream.write(bytes(6));
    netty.bindTunnel(client, upstream);
    answer();
    upstream.write(bytes(5));
    upstream.take(12);
    upstream.flush();
    assertThat(dialled().bytesWritten()).isEqualTo(12);
    assertThat(tunnel(0).bytesToUpstream()).isEqualTo(2);
  }

  @Test
  void countsNothing_thatIsFlushedWithoutAConnection() {
    dial();
    upstream.close();
    upstream.writeAndFlush(bytes(10));
    assertThat(dialled().bytesWritten()).isZero();
  }

  @Test
  void countsWhatTheNetworkTook_ofAClientThatBreaksOff() {
    SlowNetwork slow = new SlowNetwork(new HttpServerCodec());
    netty.installServer(slow.pipeline());
    slow.take(1_000);
    slow.writeInbound(ascii("GET / HTTP/1.1\r\n\r\n"));
    slow.writeAndFlush(
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, bytes(5_000)));
    slow.breakOff();
    assertThat(recorder.connections().get(0).bytesWritten()).isEqualTo(1_000);
    slow.finishAndReleaseAll();
  }

  @Test
  void countsToTheByte_whatATunnelLoses() {
    tunnel();
    client.writeInbound(bytes(10));
    upstream.take(25);
    relay();
    upstream.writeAndFlush(bytes(10));
    upstream.writeAndFlush(bytes(10));
    upstream.writeAndFlush(bytes(10));
    assertThat(tunnel(0).bytesToUpstream()).isEqualTo(25);
    upstream.take(9);
    upstream.breakOff();
    assertThat(tunnel(0).bytesToUpstream()).isEqualTo(34);
    assertThat(dialled().bytesWritten()).isEqualTo(34);
  }

  @Test
  void waitsForWhatIsOnItsWay_whenTheClientHasLeft() {
    tunnel();
    upstream.take(5);
    upstream.writeAndFlush(bytes(20));
    client.close();
    assertThat(tunnel(0).closedBy()).isEqualTo(Side.UPSTREAM);
    assertThat(tunnel(0).terminal()).isNull();
    assertThat(recorder.activeConnections()).isOne();
    upstream.takeAll();
    assertThat(tunnel(0).bytesToUpstream()).isEqualTo(20);
    assertThat(tunnel(0).terminal()).isEqualTo(Terminal.ENDED);
    assertThat(tunnel(0).endedByConnection()).isFalse();
    assertThat(recorder.activeConnections()).isZero();
    upstream.writeAndFlush(bytes(3));
    assertThat(tunnel(0).bytesToUpstream()).isEqualTo(20);
  }

  @Test
  void endsATunnel_whoseWritesAreLost() {
    tunnel();
    ChannelPromise silent = upstream.unsafe().voidPromise();
    upstream.writeAndFlush(bytes(20), silent);
    client.close();
    assertThat(recorder.activeTunnels()).isOne();
    upstream.breakOff();
    assertThat(tunnel(0).bytesToUpstream()).isZero();
    assertThat(recorder.activeTunnels()).isZero();
  }

  @Test
  void countsWhatLeaves_beforeTheAnswer() {
    upstream.takeAll();
    connect();
    upstream.writeAndFlush(bytes(7));
    netty.bindTunnel(client, upstream);
    upstream.writeAndFlush(bytes(5));
    answer();
    upstream.writeAndFlush(bytes(3));
    assertThat(tunnel(0).bytesToUpstream()).isEqualTo(8);
  }

  @Test
  void countsNoTunnel_whereTheAnswerOpensNone() {
    upstream.takeAll();
    connect();
    netty.bindTunnel(client, upstream);
    client.writeOutbound(
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.BAD_GATEWAY));
    upstream.writeAndFlush(bytes(5));
    assertThat(recorder.tunnels()).isEmpty();
    assertThat(dialled().bytesWritten()).isEqualTo(5);
  }

  @Test
  void countsWholeWrites_onAnUpstreamThatIsNotInstalled() {
    netty.installServer(client.pipeline());
    client.writeInbound(connectRequest());
    netty.bindTunnel(client, upstream);
    answer();
    upstream.take(25);
    upstream.writeAndFlush(bytes(10));
    upstream.writeAndFlush(bytes(20));
    assertThat(tunnel(0).bytesToUpstream()).isEqualTo(10);
    upstream.breakOff();
    assertThat(tunnel(0).bytesToUpstream()).isEqualTo(10);
  }

  private void tunnel() {
    connect();
    netty.bindTunnel(client, upstream);
    answer();
  }

  private void connect() {
    netty.installServer(client.pipeline());
    dial();
    client.writeInbound(connectRequest());
  }

  private void answer() {
    client.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
    client.pipeline().remove(HttpServerCodec.class);
    client.releaseInbound();
  }

  /** Relays the bytes read from the client. */
  private void relay() {
    for (ByteBuf read = client.readInbound(); read != null; read = client.readInbound()) {
      upstream.writeAndFlush(read);
    }
  }

  private void dial() {
    netty.installUpstream(upstream.pipeline(), Upstream.of("127.0.0.1", 1));
  }

  private RecordedConnection dialled() {
    return recorder.dials().get(0);
  }

  private RecordedTunnel tunnel(int index) {
    return recorder.tunnels().get(index);
  }

  private ByteBuf bytes(int count) {
    ByteBuf buffer = Unpooled.directBuffer(count).writeZero(count);
    written.add(buffer);
    return buffer;
  }

  private static ByteBuf connectRequest() {
    return ascii("CONNECT a.example:443 HTTP/1.1\r\n\r\n");
  }

  private static ByteBuf ascii(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }
}
