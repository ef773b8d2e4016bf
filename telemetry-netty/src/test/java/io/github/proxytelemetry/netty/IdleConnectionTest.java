package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Upstream;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.lang.ref.WeakReference;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections that wait for their next request keep nothing of the last one. */
class IdleConnectionTest {
  private static final long LIMIT_NANOS = Duration.ofSeconds(30).toNanos();
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String CHUNKED =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

  private final EmbeddedChannel client = new EmbeddedChannel(new HttpServerCodec());
  private final EmbeddedChannel upstream = new EmbeddedChannel(new HttpClientCodec());
  private final NettyTelemetry netty = NettyTelemetry.create(new Fresh());

  @AfterEach
  void close() {
    client.finishAndReleaseAll();
    upstream.finishAndReleaseAll();
  }

  @Test
  void ofAClientLetsGoOfTheExchange() throws Exception {
    netty.installServer(client.pipeline());
    read(client, GET);
    WeakReference<ExchangeObservation> exchange = current();
    assertThat(exchange.get()).isNotSameAs(Noop.EXCHANGE);
    answer();
    awaitCleared(exchange);
    assertThat(NettyTelemetry.exchange(client)).isSameAs(Noop.EXCHANGE);
    assertThat(NettyTelemetry.exchangeToAnswer(client)).isSameAs(Noop.EXCHANGE);
  }

  @Test
  void ofAClientKeepsTheExchange_whileItsRequestIsStillComing() throws Exception {
    netty.installServer(client.pipeline());
    read(client, CHUNKED);
    WeakReference<ExchangeObservation> exchange = current();
    answer();
    assertThat(NettyTelemetry.exchange(client)).isNotNull().isSameAs(exchange.get());
    read(client, "0\r\n\r\n");
    awaitCleared(exchange);
  }

  @Test
  void toAnUpstreamLetsGoOfTheAttempt() throws Exception {
    AttemptObservation first = new FreshAttempt();
    WeakReference<AttemptObservation> dialledFor = new WeakReference<>(first);
    netty.installUpstream(upstream.pipeline(), first);
    first = null;
    exchangeWithUpstream("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    awaitCleared(dialledFor);
    AttemptObservation second = new FreshAttempt();
    WeakReference<AttemptObservation> pooled = new WeakReference<>(second);
    netty.bind(upstream, second);
    second = null;
    exchangeWithUpstream("HTTP/1.1 204 No Content\r\n\r\n");
    awaitCleared(pooled);
  }

  private WeakReference<ExchangeObservation> current() {
    return new WeakReference<>(NettyTelemetry.exchange(client));
  }

  private void answer() {
    client.writeOutbound(
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.NO_CONTENT, Unpooled.EMPTY_BUFFER));
  }

  private void exchangeWithUpstream(String response) {
    upstream.writeOutbound(
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.GET, "/", Unpooled.EMPTY_BUFFER));
    read(upstream, response);
  }

  /** What was read and written is kept by the channel otherwise. */
  private static void read(EmbeddedChannel channel, String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    Object message = channel.readInbound();
    while (message != null) {
      ReferenceCountUtil.release(message);
      message = channel.readInbound();
    }
  }

  private static void awaitCleared(WeakReference<?> reference) throws InterruptedException {
    long end = System.nanoTime() + LIMIT_NANOS;
    while (reference.get() != null) {
      assertThat(System.nanoTime()).as("something still keeps %s", reference.get()).isLessThan(end);
      System.gc();
      Thread.sleep(1);
    }
  }

  /** An exchange for each request, which nothing else refers to. */
  private static final class Fresh implements ProxyTelemetry {
    @Override
    public boolean isGuarded() {
      return true;
    }

    @Override
    public DownstreamObservation startDownstreamConnection(
        @Nullable SocketAddress local, @Nullable SocketAddress peer) {
      return new FreshConnection();
    }
  }

  private static final class FreshConnection implements DownstreamObservation {
    @Override
    public ExchangeObservation startExchange(RequestInfo request) {
      return new FreshExchange();
    }

    @Override
    public void end() {}
  }

  private static final class FreshExchange implements ExchangeObservation {
    @Override
    public AttemptObservation startAttempt(Upstream target) {
      return new FreshAttempt();
    }

    @Override
    public void end() {}
  }

  private static final class FreshAttempt implements AttemptObservation {
    @Override
    public void end() {}
  }
}
