module com.example.httpclient {
  requires io.github.proxytelemetry.httpclient;
  requires io.github.proxytelemetry.sdk;
  requires java.net.http;
  requires jdk.httpserver;
}
