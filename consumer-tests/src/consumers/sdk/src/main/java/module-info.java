module com.example.sdk {
  requires io.github.proxytelemetry.sdk;
  requires jdk.httpserver;
}
