module com.example.jetty {
  requires io.github.proxytelemetry.jetty;
  requires io.github.proxytelemetry.sdk;
  requires java.net.http;
  requires jdk.httpserver;
  requires org.eclipse.jetty.proxy;
}
