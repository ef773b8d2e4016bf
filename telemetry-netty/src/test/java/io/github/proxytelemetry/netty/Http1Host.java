package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;

/** A host without HTTP/2. */
public final class Http1Host {
  /** Serves a request and sends one; returns the written bytes and the recorded events. */
  public static String serve() {
    RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
    NettyTelemetry netty = NettyTelemetry.create(recorder);
    EmbeddedChannel client = new EmbeddedChannel(new HttpServerCodec());
    netty.installServer(client.pipeline());
    client.writeInbound(Unpooled.copiedBuffer("GET / HTTP/1.1\r\n\r\n", StandardCharsets.US_ASCII));
    AttemptObservation attempt =
        NettyTelemetry.exchange(client).startAttempt(Upstream.of("127.0.0.1", 1));
    EmbeddedChannel upstream = new EmbeddedChannel(new HttpClientCodec());
    netty.installUpstream(upstream.pipeline(), attempt);
    upstream.writeOutbound(new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"));
    NettyTelemetry.classify(new ConnectException());
    client.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
    ByteBuf written = client.readOutbound();
    String text = written.toString(StandardCharsets.US_ASCII);
    written.release();
    client.finishAndReleaseAll();
    upstream.finishAndReleaseAll();
    recorder.assertInvariants();
    return text
        + recorder.exchanges().size()
        + " exchange, "
        + recorder.attempts().size()
        + " attempt";
  }

  private Http1Host() {}
}
