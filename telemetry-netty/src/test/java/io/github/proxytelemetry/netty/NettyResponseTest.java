package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.testing.Terminal;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.ReadOnlyHttpHeaders;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // The recorder shows the result of each write.
class NettyResponseTest extends ServerFixture {
  @Test
  void blamesTheProxy_whoseResponseCannotBeEncoded() {
    read(GET);
    channel.writeOneOutbound(full(200, 0));
    ChannelFuture failed = channel.writeOneOutbound(new DefaultLastHttpContent());
    channel.flushOutbound();
    assertThat(failed.isSuccess()).isFalse();
    assertThat(exchange(0).terminal()).isEqualTo(Terminal.ENDED);
    read(GET);
    channel.pipeline().addFirst(new FailingWrites(new IllegalStateException("no")));
    channel.writeOneOutbound(full(200, 0));
    channel.flushOutbound();
    assertThat(exchange(1).blame().side()).isEqualTo(Side.PROXY);
    assertThat(exchange(1).blame().error()).isEqualTo(ProxyError.PROXY_INTERNAL_ERROR);
  }

  @Test
  void blamesTheClient_whereTheLastWriteFails() {
    read(GET);
    channel.pipeline().addFirst(new FailingWrites(new ClosedChannelException()));
    channel.writeOneOutbound(full(200, 0));
    channel.flushOutbound();
    assertThat(exchange(0).status()).isEqualTo(200);
    assertThat(exchange(0).blame().side()).isEqualTo(Side.DOWNSTREAM);
    assertThat(exchange(0).blame().error()).isEqualTo(ProxyError.CLIENT_ABORT);
  }

  @Test
  void seesTheEnd_ofWritesWithAVoidPromise() {
    read(GET);
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    HttpUtil.setTransferEncodingChunked(head, true);
    channel.writeOneOutbound(head, channel.voidPromise());
    channel.writeOneOutbound(
        new DefaultHttpContent(Unpooled.wrappedBuffer(new byte[3])), channel.voidPromise());
    channel.writeOneOutbound(LastHttpContent.EMPTY_LAST_CONTENT, channel.voidPromise());
    assertThat(exchange(0).responseEnded()).isFalse();
    channel.flushOutbound();
    assertThat(exchange(0).responseBytes()).isEqualTo(3);
    assertThat(exchange(0).terminal()).isEqualTo(Terminal.ENDED);
  }

  @Test
  void leavesTheHostsResponse_asItWas() {
    FullHttpResponse shared = full(200, 2);
    for (int i = 0; i < 2; i++) {
      read(GET);
      channel.writeOutbound(shared.retain());
      assertThat(written()).containsOnlyOnce("proxy;dur=0.0");
    }
    assertThat(shared.headers().contains("Server-Timing")).isFalse();
    assertThat(shared.release()).isTrue();
  }

  @Test
  void addsToReadOnlyHeaders_byACopy() {
    HttpHeaders headers =
        new ReadOnlyHttpHeaders(false, "Content-Length", "0", "Server-Timing", "db;dur=1");
    HttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.OK,
            Unpooled.EMPTY_BUFFER,
            headers,
            DefaultHttpHeadersFactory.trailersFactory().newHeaders());
    read(GET);
    channel.writeOutbound(response);
    assertThat(written()).contains("db;dur=1").contains("proxy;dur=0.0");
    assertThat(headers.getAll("Server-Timing")).containsExactly("db;dur=1");
  }

  private static final class FailingWrites extends ChannelOutboundHandlerAdapter {
    private final Throwable failure;

    FailingWrites(Throwable failure) {
      this.failure = failure;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
      ReferenceCountUtil.release(msg);
      promise.setFailure(failure);
    }
  }
}
