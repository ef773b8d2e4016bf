package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.testing.RawMessage;
import io.github.proxytelemetry.testing.RecordedAttempt;
import io.github.proxytelemetry.testing.RecordedConnection;
import io.github.proxytelemetry.testing.ScriptedOrigin;
import io.github.proxytelemetry.testing.Terminal;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakerFactory;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** WebSocket to an upstream, opened by Netty's client handshaker. */
@SuppressWarnings("FutureReturnValueIgnored") // The recorder shows the result of each write.
class NettyWebSocketTest extends SocketFixture {
  // RFC 6455, section 1.3.
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final byte[] HELLO = {(byte) 0x81, 5, 'H', 'e', 'l', 'l', 'o'};
  // Header and mask, then the payload.
  private static final int SENT_FRAME = 2 + 4 + 5;

  private final CompletableFuture<String> heard = new CompletableFuture<>();

  @Test
  void reportsOneAttempt_thatOpensAWebSocket() throws Exception {
    CompletableFuture<Long> received = new CompletableFuture<>();
    CompletableFuture<Long> sent = new CompletableFuture<>();
    try (ScriptedOrigin origin = ScriptedOrigin.start()) {
      origin.onRequest(
          connection -> {
            connection.send(switching(connection.readRequest()));
            connection.readBytes(SENT_FRAME);
            connection.send(HELLO);
            connection.readToEnd();
            received.complete(connection.received());
            sent.complete(connection.sent());
          });
      Channel channel = dial(origin.address(), this::fill).syncUninterruptibly().channel();
      assertThat(heard.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo("Hello");
      RecordedAttempt attempt = recorder.attempts().get(0);
      assertThat(attempt.terminal()).as("at the switch").isEqualTo(Terminal.ENDED);
      int events = attempt.events().size();
      channel.close();
      assertThat(channel.closeFuture().await(TIMEOUT.toMillis())).isTrue();
      recorder.awaitUntil("the dial is over", () -> recorder.activeDials() == 0, TIMEOUT);
      assertThat(attempt.events()).as("after the close").hasSize(events);
      assertOneHandshake(origin, 101);
      // Before the origin is closed, which would abort its reads.
      RecordedConnection dialled = recorder.dials().get(0);
      assertThat(dialled.bytesWritten())
          .isEqualTo(received.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
      assertThat(dialled.bytesRead())
          .isEqualTo(sent.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
    }
  }

  @Test
  void reportsOneAttempt_thatIsRefused() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.start()) {
      origin.onRequest(
          connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
          });
      Channel channel = dial(origin.address(), this::fill).syncUninterruptibly().channel();
      assertThat(channel.closeFuture().await(TIMEOUT.toMillis())).isTrue();
      assertOneHandshake(origin, 403);
    }
  }

  private void assertOneHandshake(ScriptedOrigin origin, int status) {
    RecordedAttempt attempt = recorder.attempts().get(0);
    assertThat(recorder.attempts()).hasSize(1);
    assertThat(recorder.dials()).hasSize(1);
    assertThat(attempt.path()).isEqualTo("/chat");
    assertThat(attempt.status()).isEqualTo(status);
    assertThat(attempt.terminal()).isEqualTo(Terminal.ENDED);
    assertThat(attempt.injections()).isOne();
    assertThat(origin.requests()).hasSize(1);
    assertThat(origin.requests().get(0).headers("traceparent"))
        .containsExactly(attempt.traceparent());
  }

  private void fill(Channel upstream) {
    upstream.pipeline().addLast(new HttpClientCodec());
    upstream.pipeline().addLast(new HttpObjectAggregator(1024));
    upstream
        .pipeline()
        .addLast(
            new WebSocketClientProtocolHandler(
                WebSocketClientHandshakerFactory.newHandshaker(
                    URI.create("ws://origin.test/chat"),
                    WebSocketVersion.V13,
                    null,
                    false,
                    EmptyHttpHeaders.INSTANCE)));
    upstream.pipeline().addLast(new Greeter());
    netty.installUpstream(upstream.pipeline(), recorder.startAttempt(Upstream.of("h", 1)));
  }

  private static String switching(RawMessage request) {
    try {
      byte[] key =
          (request.headers("sec-websocket-key").get(0) + GUID).getBytes(StandardCharsets.US_ASCII);
      return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Accept: "
          + Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(key))
          + "\r\n\r\n";
    } catch (java.security.NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private final class Greeter extends SimpleChannelInboundHandler<TextWebSocketFrame> {
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
        ctx.writeAndFlush(new TextWebSocketFrame("Howdy"));
      }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, TextWebSocketFrame frame) {
      heard.complete(frame.text());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
