package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.netty.EventOrders.Step;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * No order of events leaves an observation open, makes a count negative or throws an unplanned
 * exception.
 */
class EventOrderTest {
  private static final int ORDERS = 20_000;
  private static final Upstream ORIGIN = Upstream.named("origin", "127.0.0.1", 80);
  private static final List<HttpMethod> METHODS =
      List.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST, HttpMethod.CONNECT);
  private static final List<Integer> STATUSES = List.of(100, 101, 103, 200, 204, 304, 404, 500);

  // A strong reference, because the log manager keeps loggers and their levels weakly.
  private static final Logger LOGGER = Logger.getLogger(NettyTelemetry.class.getName());

  /** Each order has its own adapter, and most of them would log a warning. */
  @BeforeAll
  static void disableLog() {
    LOGGER.setLevel(Level.OFF);
  }

  @AfterAll
  static void enableLog() {
    LOGGER.setLevel(null);
  }

  @Test
  void holds_onAClientsConnection() {
    new EventOrders<>(EventOrderTest::client, EventOrderTest::onClient).check(ORDERS);
  }

  @Test
  void holds_onAConnectionToAnUpstream() {
    new EventOrders<>(EventOrderTest::upstream, EventOrderTest::onUpstream).check(ORDERS);
  }

  private static AnyChannel client() {
    AnyChannel channel = new AnyChannel(new HttpServerCodec());
    channel.netty.installServer(channel.channel.pipeline());
    return channel;
  }

  private static AnyChannel upstream() {
    AnyChannel channel = new AnyChannel(new HttpClientCodec());
    channel.netty.installUpstream(channel.channel.pipeline(), ORIGIN);
    return channel;
  }

  private static Step<AnyChannel> onClient(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> reads(random, request(random));
      case 1 -> writes(random, response(random));
      case 2 -> random.nextBoolean() ? reads(random, part(random)) : writes(random, part(random));
      default ->
          random.nextInt(6) == 0
              ? new Step<>("remove handler", c -> c.remove(HttpServerHandler.class))
              : random.nextInt(6) == 0
                  ? new Step<>("install", c -> c.netty.installServer(c.channel.pipeline()))
                  : random.nextInt(3) == 0 ? onTunnel(random) : onAny(random);
    };
  }

  private static Step<AnyChannel> onTunnel(Random random) {
    return switch (random.nextInt(5)) {
      case 0, 1 -> new Step<>("bind tunnel", AnyChannel::bindTunnel);
      case 2 -> new Step<>("relay", AnyChannel::relay);
      case 3 -> new Step<>("peer takes", c -> c.peerTakes(2));
      default -> new Step<>("peer breaks off", AnyChannel::peerBreaksOff);
    };
  }

  private static Step<AnyChannel> onUpstream(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> writes(random, request(random));
      case 1 -> reads(random, response(random));
      case 2 -> random.nextBoolean() ? reads(random, part(random)) : writes(random, part(random));
      case 3 -> new Step<>("bind", c -> c.netty.bind(c.channel, c.recorder.startAttempt(ORIGIN)));
      default ->
          random.nextInt(6) == 0
              ? new Step<>("remove handler", c -> c.remove(HttpClientHandler.class))
              : random.nextInt(6) == 0
                  ? new Step<>(
                      "install",
                      c ->
                          c.netty.installUpstream(
                              c.channel.pipeline(), c.recorder.startAttempt(ORIGIN)))
                  : onAny(random);
    };
  }

  private static Step<AnyChannel> onAny(Random random) {
    return switch (random.nextInt(9)) {
      case 0 -> new Step<>("hold writes", AnyChannel::hold);
      case 1, 2 -> new Step<>("release writes", AnyChannel::release);
      case 3 -> new Step<>("fail writes", AnyChannel::failHeld);
      case 4 -> new Step<>("exception", c -> c.exception(new AnyChannel.Planned()));
      case 5 -> new Step<>("input shut", c -> c.event(ChannelInputShutdownEvent.INSTANCE));
      case 6 -> new Step<>("output shut", c -> c.event(ChannelOutputShutdownEvent.INSTANCE));
      case 7 -> new Step<>("disconnect", AnyChannel::disconnect);
      default -> new Step<>("close", AnyChannel::closedByHost);
    };
  }

  private record Named(String name, Supplier<Object> message) {}

  private static Step<AnyChannel> reads(Random random, Named what) {
    boolean broken = random.nextInt(8) == 0;
    return new Step<>(
        "read " + (broken ? "broken " : "") + what.name(),
        channel -> {
          Object message = what.message().get();
          if (broken
              && message instanceof HttpObject http
              && message != LastHttpContent.EMPTY_LAST_CONTENT) {
            http.setDecoderResult(DecoderResult.failure(new AnyChannel.Planned()));
          }
          channel.read(message);
        });
  }

  private static Step<AnyChannel> writes(Random random, Named what) {
    return random.nextInt(4) == 0
        ? new Step<>("write unasked " + what.name(), c -> c.writeUnasked(what.message().get()))
        : new Step<>("write " + what.name(), c -> c.write(what.message().get()));
  }

  private static Named request(Random random) {
    HttpMethod method = METHODS.get(random.nextInt(METHODS.size()));
    return random.nextBoolean()
        ? new Named(
            "full " + method,
            () -> new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, "/", bytes()))
        : new Named(method.name(), () -> new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, "/"));
  }

  private static Named response(Random random) {
    HttpResponseStatus status =
        HttpResponseStatus.valueOf(STATUSES.get(random.nextInt(STATUSES.size())));
    return random.nextBoolean()
        ? new Named(
            "full " + status,
            () -> new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, bytes()))
        : new Named(status.toString(), () -> head(status));
  }

  private static DefaultHttpResponse head(HttpResponseStatus status) {
    DefaultHttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
    if (status.code() == 101) {
      head.headers().set(HttpHeaderNames.UPGRADE, "websocket");
    }
    return head;
  }

  private static Named part(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> new Named("content", () -> new DefaultHttpContent(bytes()));
      case 1 -> new Named("last content", () -> new DefaultLastHttpContent(bytes()));
      case 2 -> new Named("empty last content", () -> LastHttpContent.EMPTY_LAST_CONTENT);
      case 3 -> new Named("bytes", EventOrderTest::bytes);
      default -> new Named("object", Object::new);
    };
  }

  private static ByteBuf bytes() {
    return Unpooled.wrappedBuffer(new byte[3]);
  }
}
