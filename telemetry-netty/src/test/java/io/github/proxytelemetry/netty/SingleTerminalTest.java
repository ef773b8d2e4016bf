package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.testing.RecordedAttempt;
import io.github.proxytelemetry.testing.Terminal;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.EncoderException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * An observation gets one terminal call, although several events show its end. A back end ignores a
 * second one, but counts it as a sign of an adapter bug.
 */
@SuppressWarnings("FutureReturnValueIgnored") // The recorder shows the result of each write.
class SingleTerminalTest extends ServerFixture {
  private static final Upstream ORIGIN = Upstream.of("127.0.0.1", 1);
  private static final String UPLOAD = "POST /a HTTP/1.1\r\nContent-Length: 10\r\n\r\nsome";

  @AfterEach
  void endsEachObservationOnce() {
    channel.finishAndReleaseAll();
    assertThat(recorder.exchanges()).allSatisfy(e -> assertThat(e.repeatedTerminals()).isZero());
    assertThat(recorder.attempts()).allSatisfy(a -> assertThat(a.repeatedTerminals()).isZero());
    assertThat(recorder.connections()).allSatisfy(c -> assertThat(c.repeatedTerminals()).isZero());
    assertThat(recorder.dials()).allSatisfy(d -> assertThat(d.repeatedTerminals()).isZero());
  }

  @Test
  void upload_thatIsBrokenOff() {
    read(UPLOAD);
    channel.pipeline().fireChannelInactive();
    assertThat(exchange(0).blame().error()).isEqualTo(ProxyError.CLIENT_ABORT);
  }

  @Test
  void upload_thatIsBrokenOffAfterItsAnswer() {
    read(UPLOAD);
    channel.writeOutbound(full(413, 0));
    channel.close();
    assertThat(exchange(0).terminal()).isEqualTo(Terminal.ENDED);
    assertThat(exchange(0).blame()).isNull();
  }

  @Test
  void upload_whoseHandlerIsRemoved() {
    read(UPLOAD);
    channel.pipeline().remove(HttpServerHandler.class);
    assertThat(exchange(0).terminal()).isEqualTo(Terminal.ENDED);
  }

  @Test
  void upload_whoseAnswerIsLost() {
    SlowNetwork slow = new SlowNetwork(new HttpServerCodec());
    netty.installServer(slow.pipeline());
    slow.writeInbound(Unpooled.copiedBuffer(UPLOAD, StandardCharsets.US_ASCII));
    slow.writeAndFlush(full(413, 9));
    slow.breakOff();
    slow.finishAndReleaseAll();
    assertThat(exchange(0).blame().error()).isEqualTo(ProxyError.CLIENT_ABORT);
  }

  @Test
  void stream_thatIsAnswered() {
    Http2Exchange stream = stream();
    stream.dataRead(0, true);
    answer(stream).setSuccess();
    stream.closed();
    assertThat(exchange(0).terminal()).isEqualTo(Terminal.ENDED);
  }

  @Test
  void stream_thatIsAnsweredBeforeItsRequestEnds() {
    Http2Exchange stream = stream();
    answer(stream).setSuccess();
    assertThat(exchange(0).terminal()).isNull();
    stream.closed();
    assertThat(exchange(0).terminal()).isEqualTo(Terminal.ENDED);
  }

  @Test
  void stream_thatIsResetWhileItsAnswerWaits() {
    Http2Exchange stream = stream();
    stream.dataRead(0, true);
    ChannelPromise last = answer(stream);
    // Like the codec: the writes fail, so the stream's channel sends a reset as well.
    last.setFailure(new ClosedChannelException());
    stream.resetWritten(Http2Error.CANCEL.code());
    stream.closed();
    stream.resetRead(Http2Error.CANCEL.code());
    assertThat(exchange(0).blame().error()).isEqualTo(ProxyError.CLIENT_ABORT);
  }

  @Test
  void stream_thatIsResetBeforeItsConnectionGoes() {
    Http2Exchange stream = stream();
    stream.resetRead(Http2Error.CANCEL.code());
    stream.connectionClosed();
    assertThat(exchange(0).blame().error()).isEqualTo(ProxyError.CLIENT_ABORT);
  }

  @Test
  void dial_thatIsClosed() {
    EmbeddedChannel upstream = new EmbeddedChannel(new HttpClientCodec());
    netty.installUpstream(upstream.pipeline(), ORIGIN);
    upstream.finishAndReleaseAll();
    assertThat(recorder.dials()).singleElement().extracting("terminal").isEqualTo(Terminal.ENDED);
  }

  @Test
  void dial_whoseHandlerIsRemoved() {
    EmbeddedChannel upstream = new EmbeddedChannel(new HttpClientCodec());
    netty.installUpstream(upstream.pipeline(), ORIGIN);
    upstream.pipeline().remove(UpstreamConnectionHandler.class);
    upstream.finishAndReleaseAll();
    assertThat(recorder.dials()).singleElement().extracting("terminal").isEqualTo(Terminal.ENDED);
  }

  @Test
  void attempt_thatOnlyConnects() {
    EmbeddedChannel upstream = new EmbeddedChannel();
    netty.installUpstream(upstream.pipeline(), recorder.startAttempt(ORIGIN));
    upstream.finishAndReleaseAll();
    assertThat(attempt().terminal()).isEqualTo(Terminal.ENDED);
  }

  @Test
  void attempt_whoseRequestIsLost() {
    SlowNetwork upstream = sending();
    upstream.breakOff();
    upstream.finishAndReleaseAll();
    assertThat(attempt().terminal()).isEqualTo(Terminal.FAILED);
  }

  @Test
  void attempt_thatIsAnsweredBeforeTheEndOfItsRequest() {
    EmbeddedChannel upstream = new EmbeddedChannel(new HttpClientCodec());
    netty.installUpstream(upstream.pipeline(), recorder.startAttempt(ORIGIN));
    HttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/");
    head.headers().set(HttpHeaderNames.CONTENT_LENGTH, 5);
    upstream.writeOutbound(head);
    upstream.writeInbound(
        Unpooled.copiedBuffer(
            "HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n", StandardCharsets.US_ASCII));
    upstream.writeOutbound(
        new DefaultLastHttpContent(Unpooled.copiedBuffer("hello", StandardCharsets.US_ASCII)));
    upstream.finishAndReleaseAll();
    assertThat(attempt().terminal()).isEqualTo(Terminal.ENDED);
    assertThat(attempt().lateCalls()).isZero();
  }

  /** A host that takes the codec out at a 101 has no encoder for the end of the request. */
  @Test
  void attempt_whoseRequestCannotEndAfterA101() {
    EmbeddedChannel upstream = new EmbeddedChannel(new HttpClientCodec());
    netty.installUpstream(upstream.pipeline(), recorder.startAttempt(ORIGIN));
    HttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
    head.headers().set(HttpHeaderNames.UPGRADE, "websocket");
    upstream.writeOutbound(head);
    upstream.writeInbound(
        Unpooled.copiedBuffer(
            "HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n", StandardCharsets.US_ASCII));
    upstream.pipeline().addFirst(new Unencodable());
    upstream.writeAndFlush(new DefaultLastHttpContent());
    upstream.finishAndReleaseAll();
    assertThat(attempt().terminal()).isEqualTo(Terminal.ENDED);
  }

  @Test
  void attempt_thatIsGivenUpWhileItsRequestWaits() {
    SlowNetwork upstream = sending();
    upstream.close();
    upstream.finishAndReleaseAll();
    assertThat(attempt().terminal()).isEqualTo(Terminal.CANCELLED);
  }

  @Test
  void attempt_whoseHandshakeFails() throws Exception {
    EmbeddedChannel upstream = handshaking();
    upstream.pipeline().fireExceptionCaught(new DecoderException(new SSLException("no")));
    assertThatThrownBy(upstream::checkException).isInstanceOf(DecoderException.class);
    upstream.finishAndReleaseAll();
    assertThat(attempt().failure().error()).isEqualTo(ProxyError.TLS_PROTOCOL_ERROR);
  }

  @Test
  void attempt_thatIsGivenUpWithinTheHandshake() throws Exception {
    EmbeddedChannel upstream = handshaking();
    upstream.close();
    upstream.finishAndReleaseAll();
    assertThat(attempt().terminal()).isEqualTo(Terminal.CANCELLED);
  }

  @Test
  void attempt_whoseRequestCannotBeEncoded() {
    EmbeddedChannel upstream = new EmbeddedChannel(new Unencodable(), new HttpClientCodec());
    netty.installUpstream(upstream.pipeline(), recorder.startAttempt(ORIGIN));
    upstream.writeAndFlush(new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"));
    upstream.finishAndReleaseAll();
    assertThat(attempt().failure().side()).isEqualTo(Side.PROXY);
  }

  @Test
  void dial_thatIsConnectedAfterItWasGivenUp() {
    UpstreamConnection dial =
        new UpstreamConnection(
            recorder.startUpstreamConnection(ORIGIN),
            null,
            new WarningLog(System.getLogger("test"), recorder));
    dial.cancel();
    dial.enter(ConnectionPhase.SOCKET_CONNECT);
    assertThat(recorder.dials().get(0).lateCalls()).isZero();
  }

  private static final class Unencodable extends ChannelOutboundHandlerAdapter {
    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
      ReferenceCountUtil.release(msg);
      promise.setFailure(new EncoderException("no"));
    }
  }

  private EmbeddedChannel handshaking() throws Exception {
    EmbeddedChannel upstream =
        new EmbeddedChannel(
            SslContextBuilder.forClient().build().newHandler(ByteBufAllocator.DEFAULT),
            new HttpClientCodec());
    netty.installUpstream(upstream.pipeline(), recorder.startAttempt(ORIGIN));
    return upstream;
  }

  private Http2Exchange stream() {
    DefaultFullHttpRequest request =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
    return new Http2Exchange(
        recorder.startExchange(new ViewedRequest(request, false)), null, new DisconnectCause());
  }

  private ChannelPromise answer(Http2Exchange stream) {
    Http2Headers headers = new DefaultHttp2Headers().status("200");
    stream.headersWritten(
        new Http2HeaderAccess().open(new DefaultHttp2HeadersFrame(headers, false)),
        channel.newPromise());
    return stream.dataWritten(9, true, channel.newPromise());
  }

  private SlowNetwork sending() {
    SlowNetwork upstream = new SlowNetwork(new HttpClientCodec());
    AttemptObservation attempt = recorder.startAttempt(ORIGIN);
    netty.installUpstream(upstream.pipeline(), attempt);
    upstream.writeAndFlush(
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.PUT, "/", Unpooled.wrappedBuffer(new byte[9])));
    return upstream;
  }

  private RecordedAttempt attempt() {
    return recorder.attempts().get(0);
  }
}
