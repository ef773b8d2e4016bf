package io.github.proxytelemetry.examples.reverse;

import io.github.proxytelemetry.examples.common.CommandLine;

/** Command that runs the proxy until SIGTERM or Ctrl-C. */
public final class Main {
  private Main() {}

  /** Takes the arguments that {@link GatewayOptions} lists. */
  public static void main(String[] arguments) throws InterruptedException {
    CommandLine.run(
        GatewayOptions.USAGE,
        given -> ReverseProxy.start(GatewayOptions.parse(System.getenv(), given)),
        arguments);
  }
}
