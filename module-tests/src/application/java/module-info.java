/** All that an application has to say. */
module io.github.proxytelemetry.application {
  requires io.github.proxytelemetry.sdk;
}
