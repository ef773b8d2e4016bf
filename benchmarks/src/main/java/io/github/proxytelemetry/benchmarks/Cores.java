package io.github.proxytelemetry.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Division of the machine: the proxy has the first core, everything else the second one. */
final class Cores {
  private static final int PROXY = 0;
  private static final int OTHERS = 1;

  private final boolean pinned;

  /** Moves this process, whose children follow, where {@code taskset} and two cores exist. */
  static Cores divide() throws IOException, InterruptedException {
    boolean possible =
        Runtime.getRuntime().availableProcessors() > OTHERS
            && run("taskset", "-c", Integer.toString(PROXY), "true")
            && run(
                "taskset",
                "-a",
                "-p",
                "-c",
                Integer.toString(OTHERS),
                Long.toString(ProcessHandle.current().pid()));
    return new Cores(possible);
  }

  private Cores(boolean pinned) {
    this.pinned = pinned;
  }

  List<String> onProxyCore(List<String> command) {
    if (!pinned) {
      return command;
    }
    List<String> placed = new ArrayList<>(List.of("taskset", "-c", Integer.toString(PROXY)));
    placed.addAll(command);
    return placed;
  }

  @Override
  public String toString() {
    return pinned
        ? "the proxy on one core, origin and load generator on another"
        : "processes not pinned to cores (no taskset, or a single core)";
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // There is no such program.
    }
  }
}
