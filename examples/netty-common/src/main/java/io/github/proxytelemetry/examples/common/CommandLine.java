package io.github.proxytelemetry.examples.common;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/** Command that runs a proxy until SIGTERM or Ctrl-C. */
public final class CommandLine {
  private static final int BAD_OPTION = 2;
  private static final int NOT_STARTED = 1;

  private CommandLine() {}

  /** Starts the proxy, or prints the reason why not; {@code --help} prints the options. */
  public static void run(String usage, Start start, String... arguments)
      throws InterruptedException {
    if (List.of(arguments).contains("--help")) {
      System.out.print(usage);
      return;
    }
    try {
      RunningProxy proxy = start.start(arguments);
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

  /** Starts a proxy. */
  @FunctionalInterface
  public interface Start {
    /**
     * Starts it.
     *
     * @throws IllegalArgumentException if an argument makes no sense
     * @throws IOException if the port for clients is taken
     * @throws IllegalStateException if the port for Prometheus is taken
     */
    RunningProxy start(String... arguments) throws IOException, InterruptedException;
  }
}
