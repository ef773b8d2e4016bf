package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.netty.EventOrders.Step;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2SettingsFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Frame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** No order of frames leaves an observation open on either end of an HTTP/2 connection. */
class Http2EventOrderTest {
  private static final int ORDERS = 2_000;
  private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "CONNECT");
  private static final List<String> STATUSES = List.of("100", "103", "200", "204", "500", "x");
  private static final List<Http2Error> ERRORS =
      List.of(
          Http2Error.NO_ERROR,
          Http2Error.CANCEL,
          Http2Error.REFUSED_STREAM,
          Http2Error.INTERNAL_ERROR);

  @Test
  void holds_onBothEnds() {
    new EventOrders<>(AnyStreams::new, Http2EventOrderTest::anyStep).check(ORDERS);
  }

  private static Step<AnyStreams> anyStep(Random random) {
    boolean byClient = random.nextBoolean();
    int which = random.nextInt(3);
    String who = (byClient ? "client" : "server") + which + " ";
    return switch (random.nextInt(12)) {
      case 0, 1 -> {
        boolean bound = random.nextInt(4) > 0;
        yield new Step<>(bound ? "open bound" : "open", streams -> streams.open(bound));
      }
      case 2, 3, 4 -> {
        Http2Headers headers = byClient ? request(random) : response(random);
        boolean end = random.nextBoolean();
        yield writes(
            byClient,
            which,
            who + headers + (end ? " end" : ""),
            () -> new DefaultHttp2HeadersFrame(headers, end));
      }
      case 5, 6 -> {
        boolean end = random.nextBoolean();
        yield writes(
            byClient,
            which,
            who + (end ? "last data" : "data"),
            () -> new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(new byte[3]), end));
      }
      case 7 -> {
        Http2Error error = ERRORS.get(random.nextInt(ERRORS.size()));
        yield writes(
            byClient, which, who + "resets " + error, () -> new DefaultHttp2ResetFrame(error));
      }
      case 8, 9 -> new Step<>("bytes arrive", AnyStreams::exchangeBytes);
      case 10 -> new Step<>(who + "closes stream", s -> s.closeStream(byClient, which));
      default -> rare(random, byClient, who);
    };
  }

  private static Step<AnyStreams> rare(Random random, boolean byClient, String who) {
    return switch (random.nextInt(5)) {
      case 0 -> new Step<>(who + "disconnects", s -> s.disconnect(byClient));
      case 1 -> onConnection(byClient, who, () -> new DefaultHttp2PingFrame(1));
      case 2 ->
          onConnection(
              byClient,
              who,
              () ->
                  new DefaultHttp2SettingsFrame(
                      Http2Settings.defaultSettings().initialWindowSize(0)));
      case 3 ->
          onConnection(
              byClient, who, () -> new DefaultHttp2SettingsFrame(Http2Settings.defaultSettings()));
      default ->
          onConnection(byClient, who, () -> new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
    };
  }

  private static Step<AnyStreams> onConnection(
      boolean byClient, String who, Supplier<Http2Frame> frame) {
    return new Step<>(
        who + "writes " + frame.get().name(), s -> s.writeOnConnection(byClient, frame.get()));
  }

  private static Step<AnyStreams> writes(
      boolean byClient, int which, String name, Supplier<Http2Frame> frame) {
    return new Step<>(name, streams -> streams.write(byClient, which, frame.get()));
  }

  private static Http2Headers request(Random random) {
    String method = METHODS.get(random.nextInt(METHODS.size()));
    Http2Headers headers = new DefaultHttp2Headers().method(method).authority("a.example");
    return method.equals("CONNECT") ? headers : headers.path("/").scheme("http");
  }

  private static Http2Headers response(Random random) {
    return new DefaultHttp2Headers().status(STATUSES.get(random.nextInt(STATUSES.size())));
  }
}
