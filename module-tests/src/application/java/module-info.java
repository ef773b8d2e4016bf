/** Everything that an application has to declare. */
module io.github.proxytelemetry.application {
  requires io.github.proxytelemetry.sdk;
}
