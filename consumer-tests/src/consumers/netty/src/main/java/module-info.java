module com.example.netty {
  requires io.github.proxytelemetry.netty;
  requires io.github.proxytelemetry.sdk;
  requires io.netty.codec.http;
  requires io.netty.common;
  requires io.netty.transport;
  requires java.net.http;
  requires jdk.httpserver;
}
