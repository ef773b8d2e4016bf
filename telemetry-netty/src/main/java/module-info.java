/** Proxy Telemetry for Netty: handlers that report the traffic of an HTTP proxy. */
module io.github.proxytelemetry.netty {
  requires transitive io.github.proxytelemetry;
  requires transitive io.netty.buffer;
  requires transitive io.netty.codec.http;
  requires io.netty.codec;
  requires static io.netty.codec.http2;
  requires transitive io.netty.common;
  requires transitive io.netty.handler;
  requires static io.netty.handler.proxy;
  requires transitive io.netty.transport;
  requires static transitive org.jspecify;

  exports io.github.proxytelemetry.netty;

  provides io.netty.bootstrap.ChannelInitializerExtension with
      io.github.proxytelemetry.netty.bootstrap.ServerExtension;
}
