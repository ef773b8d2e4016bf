module com.example.otel {
  requires io.github.proxytelemetry.otel;
}
