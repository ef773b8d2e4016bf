package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.testing.RecordedAttempt;
import io.github.proxytelemetry.testing.Terminal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operations whose promise belongs to the host's framework and accepts no listener. */
@SuppressWarnings("FutureReturnValueIgnored") // The promises are asserted on.
class ForeignPromiseTest extends ServerFixture {
  private static final Upstream ORIGIN = Upstream.of("127.0.0.1", 1);
  private static final int PART = 10_000;

  private final List<ForeignPromise> promises = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void response(boolean unvoidable) {
    read(GET);
    channel.writeAndFlush(full(200, 5), promise(channel, unvoidable));
    assertThat(exchange(0).terminal()).isEqualTo(Terminal.ENDED);
    assertAllSucceeded();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void largeResponse_onASlowNetwork(boolean unvoidable) {
    SlowNetwork slow = new SlowNetwork(new HttpServerCodec());
    netty.installServer(slow.pipeline());
    slow.writeInbound(ascii(GET));
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    HttpUtil.setContentLength(head, 5 * PART);
    slow.writeAndFlush(head, promise(slow, unvoidable));
    for (int i = 0; i < 5; i++) {
      slow.writeAndFlush(new DefaultHttpContent(bytes(PART)), promise(slow, unvoidable));
    }
    slow.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT, promise(slow, unvoidable));
    assertThat(exchange(0).responseEnded()).isFalse();
    slow.takeAll();
    assertThat(exchange(0).responseBytes()).isEqualTo(5 * PART);
    assertThat(exchange(0).terminal()).isEqualTo(Terminal.ENDED);
    assertThat(recorder.connections().get(1).bytesWritten()).isGreaterThan(5 * PART);
    assertAllSucceeded();
    slow.finishAndReleaseAll();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void response_thatIsLost(boolean unvoidable) {
    SlowNetwork slow = new SlowNetwork(new HttpServerCodec());
    netty.installServer(slow.pipeline());
    slow.writeInbound(ascii(GET));
    slow.writeAndFlush(full(200, 5), promise(slow, unvoidable));
    slow.breakOff();
    assertThat(exchange(0).blame().error()).isEqualTo(ProxyError.CLIENT_ABORT);
    assertThat(promises).allMatch(promise -> promise.isDone() && !promise.isSuccess());
    slow.finishAndReleaseAll();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void webSocket(boolean unvoidable) {
    read("GET /chat HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
    FullHttpResponse switching = full(101, 0);
    switching.headers().set("Upgrade", "websocket");
    channel.writeAndFlush(switching, promise(channel, unvoidable));
    channel.pipeline().remove(HttpServerCodec.class);
    channel.writeAndFlush(bytes(7), promise(channel, unvoidable));
    assertThat(recorder.tunnels().get(0).bytesToDownstream()).isEqualTo(7);
    assertAllSucceeded();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tunnel_toAnInstalledUpstream(boolean unvoidable) {
    SlowNetwork upstream = new SlowNetwork();
    netty.installUpstream(upstream.pipeline(), ORIGIN);
    relay(upstream, unvoidable);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tunnel_toAnUpstreamThatIsNotInstalled(boolean unvoidable) {
    relay(new SlowNetwork(), unvoidable);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void request(boolean unvoidable) {
    SlowNetwork upstream = new SlowNetwork(new HttpClientCodec());
    netty.installUpstream(upstream.pipeline(), recorder.startAttempt(ORIGIN));
    upstream.writeAndFlush(
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.PUT, "/", bytes(PART)),
        promise(upstream, unvoidable));
    RecordedAttempt attempt = recorder.attempts().get(0);
    assertThat(attempt.requestEnded()).isFalse();
    upstream.takeAll();
    assertThat(attempt.requestEnded()).isTrue();
    assertAllSucceeded();
    upstream.finishAndReleaseAll();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void responseOnAStream(boolean unvoidable) {
    Http2Exchange stream =
        new Http2Exchange(
            recorder.startExchange(
                new ViewedRequest(
                    new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"), false)),
            null,
            new DisconnectCause());
    stream.dataRead(0, true);
    stream.headersWritten(
        new Http2HeaderAccess()
            .open(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200"), false)),
        promise(channel, unvoidable));
    promises.clear();
    channel.writeAndFlush(
        new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER),
        stream.dataWritten(9, true, promise(channel, unvoidable)));
    stream.closed();
    assertThat(exchange(0).terminal()).isEqualTo(Terminal.ENDED);
    assertAllSucceeded();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void closeAndDisconnect(boolean unvoidable) {
    read(GET);
    channel.disconnect(promise(channel, unvoidable));
    channel.close(promise(channel, unvoidable));
    assertThat(exchange(0).blame().side()).isEqualTo(Side.PROXY);
    assertAllSucceeded();
    EmbeddedChannel upstream = new EmbeddedChannel(new HttpClientCodec());
    netty.installUpstream(upstream.pipeline(), ORIGIN);
    upstream.disconnect(promise(upstream, unvoidable));
    upstream.close(promise(upstream, unvoidable));
    assertThat(recorder.activeDials()).isZero();
    assertAllSucceeded();
  }

  private void relay(SlowNetwork upstream, boolean unvoidable) {
    read("CONNECT a:1 HTTP/1.1\r\n\r\n");
    NettyTelemetry.tunnel(channel);
    netty.bindTunnel(channel, upstream);
    channel.writeOutbound(full(200, 0));
    for (int i = 0; i < 3; i++) {
      upstream.writeAndFlush(bytes(PART), promise(upstream, unvoidable));
    }
    upstream.takeAll();
    assertThat(recorder.tunnels().get(0).bytesToUpstream()).isEqualTo(3 * PART);
    assertAllSucceeded();
    upstream.finishAndReleaseAll();
  }

  private ForeignPromise promise(Channel of, boolean unvoidable) {
    ForeignPromise promise = new ForeignPromise(of, unvoidable);
    promises.add(promise);
    return promise;
  }

  private void assertAllSucceeded() {
    assertThat(promises).isNotEmpty().allMatch(ForeignPromise::isSuccess);
    channel.checkException();
  }

  private static ByteBuf ascii(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }

  private static ByteBuf bytes(int count) {
    return Unpooled.wrappedBuffer(new byte[count]);
  }
}
