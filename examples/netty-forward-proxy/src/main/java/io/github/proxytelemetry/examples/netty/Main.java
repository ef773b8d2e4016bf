package io.github.proxytelemetry.examples.netty;

import io.github.proxytelemetry.examples.common.CommandLine;

/** Command that runs the proxy until SIGTERM or Ctrl-C. */
public final class Main {
  private Main() {}

  /** Takes the arguments that {@link ProxyOptions} lists. */
  public static void main(String[] arguments) throws InterruptedException {
    CommandLine.run(
        ProxyOptions.USAGE,
        given -> ForwardProxy.start(ProxyOptions.parse(System.getenv(), given)),
        arguments);
  }
}
