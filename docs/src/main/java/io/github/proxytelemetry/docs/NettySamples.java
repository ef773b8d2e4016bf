package io.github.proxytelemetry.docs;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.github.proxytelemetry.otel.OtelProxyTelemetry;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.netty.channel.Channel;
import io.opentelemetry.api.OpenTelemetry;
import java.net.InetSocketAddress;

/** Samples of the pages about Netty. */
final class NettySamples {
  static void readme(Channel client, Channel upstream, String host, int port) {
    ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("edge-proxy")
            .otlp("http://127.0.0.1:4317")
            .prometheus("127.0.0.1", 9464)
            .sampling(Sampling.ratio(0.01))
            .build();
    NettyTelemetry netty = NettyTelemetry.create(telemetry);

    netty.installServer(client.pipeline()); // the last line of the server's initChannel

    Upstream destination = Upstream.of(host, port);
    AttemptObservation attempt = NettyTelemetry.exchange(client).startAttempt(destination);
    netty.installUpstream(upstream.pipeline(), attempt); // the last line of the upstream's
  }

  static NettyTelemetry host(OpenTelemetry openTelemetry) {
    OtelProxyTelemetry telemetry =
        OtelProxyTelemetry.builder(openTelemetry).naming(MetricNaming.SEMCONV).build();
    NettyTelemetry netty = NettyTelemetry.create(telemetry);
    return netty;
  }

  static void module(
      ProxyTelemetry telemetry,
      Channel client,
      Channel upstream,
      String host,
      int port,
      Throwable cause) {
    NettyTelemetry netty = NettyTelemetry.create(telemetry);

    // initChannel of an accepted channel, last line:
    netty.installServer(client.pipeline());

    // for each request, while it is being read:
    ExchangeObservation exchange = NettyTelemetry.exchange(client);
    AttemptObservation attempt = exchange.startAttempt(Upstream.named("users", host, port));

    // initChannel of the channel that is dialled for it, last line (or netty.bind(pooled,
    // attempt)):
    netty.installUpstream(upstream.pipeline(), attempt);

    // before answering 502 or 504 because of an exception:
    exchange.note(Side.UPSTREAM, NettyTelemetry.classify(cause), cause);
  }

  static void http2(
      NettyTelemetry netty,
      Channel stream,
      Channel connection,
      Channel upstreamStream,
      Upstream upstream) {
    // where a stream's request is read; for HTTP/1.1 it is the connection's channel:
    ExchangeObservation exchange = NettyTelemetry.exchange(stream);
    AttemptObservation attempt = exchange.startAttempt(upstream);

    // initChannel of the connection to the upstream, once, with its Http2FrameCodec in the
    // pipeline:
    netty.installUpstream(connection.pipeline(), upstream);

    // the handler of the Http2StreamChannelBootstrap that opens a stream for the attempt, last
    // line:
    netty.installUpstream(upstreamStream.pipeline(), attempt);
  }

  static void framework(NettyTelemetry netty) {
    netty.observeServers(
        client -> client.localAddress() instanceof InetSocketAddress at && at.getPort() == 8080);
  }

  private NettySamples() {}
}
