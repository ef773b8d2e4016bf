/** Tells what a Netty proxy does. */
module io.github.proxytelemetry.netty {
  requires transitive io.github.proxytelemetry;
  requires transitive io.netty.buffer;
  requires transitive io.netty.codec.http;
  requires io.netty.codec;
  requires transitive io.netty.common;
  requires transitive io.netty.handler;
  requires transitive io.netty.transport;
  requires static transitive org.jspecify;

  exports io.github.proxytelemetry.netty;
}
