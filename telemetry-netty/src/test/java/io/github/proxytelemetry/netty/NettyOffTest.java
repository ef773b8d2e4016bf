package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.testing.OriginScript;
import io.github.proxytelemetry.testing.RawClient;
import io.github.proxytelemetry.testing.RawMessage;
import io.github.proxytelemetry.testing.ScriptedOrigin;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpServerCodec;
import java.util.List;
import org.junit.jupiter.api.Test;

class NettyOffTest {
  private static final String TRACEPARENT =
      "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @Test
  void leavesPipelinesAlone() {
    NettyTelemetry netty = NettyTelemetry.create(ProxyTelemetry.noop());
    Upstream upstream = Upstream.of("h", 1);
    EmbeddedChannel channel = new EmbeddedChannel(new HttpServerCodec(), new HttpClientCodec());
    ChannelPipeline pipeline = channel.pipeline();
    List<String> before = pipeline.names();
    netty.installServer(pipeline);
    netty.installUpstream(pipeline, upstream);
    netty.installUpstream(pipeline, ProxyTelemetry.noop().startAttempt(upstream));
    netty.bind(channel, ProxyTelemetry.noop().startAttempt(upstream));
    assertThat(pipeline.names()).isEqualTo(before);
    assertThat(channel.hasAttr(HttpServerHandler.KEY)).isFalse();
    assertThat(NettyTelemetry.exchange(channel)).isSameAs(Noop.EXCHANGE);
    channel.finishAndReleaseAll();
  }

  @Test
  void leavesBytesAlone_onBothLegs() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.start();
        NettyProxyHost host = NettyProxyHost.start(ProxyTelemetry.noop(), origin.address());
        RawClient client = RawClient.connect(host.address())) {
      origin.onRequest(
          OriginScript.respond(
              "HTTP/1.1 200 OK\r\nSERVER-timing: db;dur=5\r\nContent-Length: 2\r\n\r\nok"));
      client.send(
          "POST /a?b=c HTTP/1.1\r\nHost: h\r\nX-Odd: a,  b\r\n"
              + TRACEPARENT
              + "\r\n"
              + "Content-Length: 3\r\n\r\nabc");
      RawMessage response = client.readResponse();
      RawMessage request = origin.requests().get(0);
      assertThat(request.startLine()).isEqualTo("POST /a?b=c HTTP/1.1");
      assertThat(request.headerLines())
          .containsExactly("Host: h", "X-Odd: a,  b", TRACEPARENT, "Content-Length: 3");
      assertThat(request.body()).isEqualTo("abc");
      assertThat(response.startLine()).isEqualTo("HTTP/1.1 200 OK");
      assertThat(response.headerLines())
          .containsExactly("SERVER-timing: db;dur=5", "Content-Length: 2");
      assertThat(response.body()).isEqualTo("ok");
    }
  }
}
