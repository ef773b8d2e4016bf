package io.github.proxytelemetry.examples.netty;

import java.io.IOException;
import java.net.InetSocketAddress;

/** Runs the proxy until it is told to stop. */
public final class Main {
  private static final int BAD_OPTION = 2;
  private static final int NOT_STARTED = 1;

  private Main() {}

  /** Takes the arguments that {@link ProxyOptions} lists. */
  public static void main(String[] arguments) throws InterruptedException {
    try {
      RunningProxy proxy = RunningProxy.start(ProxyOptions.parse(System.getenv(), arguments));
      // SIGTERM and Ctrl-C end here.
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(() -> System.out.println("stopped, telemetry: " + proxy.stop())));
      System.out.println("proxy on " + text(proxy.address()));
      System.out.println("metrics on http://" + text(proxy.metricsAddress()) + "/metrics");
    } catch (IllegalArgumentException e) {
      exit(BAD_OPTION, e);
    } catch (IOException | IllegalStateException e) {
      exit(NOT_STARTED, e);
    }
  }

  private static String text(InetSocketAddress address) {
    return address.getHostString() + ':' + address.getPort();
  }

  private static void exit(int code, Exception reason) {
    System.err.println(reason.getMessage());
    System.exit(code);
  }
}
