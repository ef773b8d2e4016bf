package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.ProxyTelemetry;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rest of a response has no time of its own only if it came in one read with the head. */
class WholeResponseTest {
  private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";
  private static final String CLOSED = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
  private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

  private final List<String> calls = new ArrayList<>();
  private final EmbeddedChannel upstream = new EmbeddedChannel(new HttpClientCodec());

  @AfterEach
  void close() {
    upstream.finishAndReleaseAll();
  }

  @Test
  void isToldAtOnce_whereItCameInOneRead() {
    send();
    read(HEAD + "ok");
    assertThat(calls).containsExactly("head", "rest 2");
  }

  @Test
  void isToldInParts_whereTheBodyCameLater() {
    send();
    read(HEAD);
    read("ok");
    assertThat(calls).containsExactly("head", "bytes 2", "end");
  }

  @Test
  void isToldInParts_whereOnlyItsEndCameLater() {
    send();
    read(CHUNKED + "2\r\nok\r\n");
    read("0\r\n\r\n");
    assertThat(calls).containsExactly("head", "bytes 2", "end");
  }

  @Test
  void isToldInParts_whereTheUpstreamsCloseEndsIt() {
    send();
    read(CLOSED + "ok");
    upstream.unsafe().close(upstream.newPromise());
    upstream.runPendingTasks();
    assertThat(calls).containsExactly("head", "bytes 2", "end");
  }

  @Test
  void isToldInParts_whereTheUpstreamsHalfOfTheConnectionEndsIt() {
    send();
    read(CLOSED + "ok");
    upstream.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    assertThat(calls).containsExactly("head", "bytes 2", "end");
  }

  @Test
  void isToldWithItsTrailers() {
    send();
    read(CHUNKED + "2\r\nok\r\n0\r\nA: b\r\n\r\n");
    assertThat(calls).containsExactly("head", "bytes 2", "trailers", "end");
  }

  @Test
  void isToldInParts_whereAnotherHeadCameInItsLastRead() {
    send();
    NettyTelemetry netty = NettyTelemetry.create(new On());
    netty.bind(upstream, new Calls());
    write();
    read(HEAD);
    read("ok" + HEAD);
    read("ok");
    assertThat(calls).containsExactly("head", "bytes 2", "end", "head", "bytes 2", "end");
  }

  private void send() {
    NettyTelemetry.create(new On()).installUpstream(upstream.pipeline(), new Calls());
    write();
  }

  private void write() {
    upstream.writeOutbound(
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.GET, "/", Unpooled.EMPTY_BUFFER));
  }

  private void read(String text) {
    upstream.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
  }

  private static final class On implements ProxyTelemetry {
    @Override
    public boolean isGuarded() {
      return true;
    }
  }

  private final class Calls implements AttemptObservation {
    @Override
    public <C> void responseStarted(int status, C headers, HeaderAccess<C> access) {
      calls.add("head");
    }

    @Override
    public void responseBytes(long count) {
      calls.add("bytes " + count);
    }

    @Override
    public <C> void responseTrailers(C trailers, HeaderAccess<C> access) {
      calls.add("trailers");
    }

    @Override
    public void responseEnd() {
      calls.add("end");
    }

    @Override
    public void responseRestReceived(long count) {
      calls.add("rest " + count);
    }

    @Override
    public void end() {
      calls.add("over");
    }
  }
}
