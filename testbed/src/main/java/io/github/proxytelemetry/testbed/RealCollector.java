package io.github.proxytelemetry.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The real OpenTelemetry Collector, which {@code .ci/receivers} builds. */
public final class RealCollector implements AutoCloseable {
  private static final String READY = "Everything is ready.";

  /** It would listen on a port for metrics of its own, which is the same for all collectors. */
  private static final String NO_METRICS_OF_ITS_OWN =
      """
      service:
        telemetry:
          metrics:
            level: none
      """;

  private final Path directory;
  private final RunningProgram program;

  private RealCollector(Path directory, RunningProgram program) {
    this.directory = directory;
    this.program = program;
  }

  /**
   * Starts one, and returns once it listens.
   *
   * @param configurations YAML; what a later one sets replaces what an earlier one sets
   */
  public static RealCollector start(String... configurations)
      throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("collector");
    List<String> command = new ArrayList<>(List.of("otelcol"));
    for (String configuration : configurations) {
      add(command, directory, configuration);
    }
    add(command, directory, NO_METRICS_OF_ITS_OWN);
    RealCollector collector = new RealCollector(directory, RunningProgram.start(command));
    try {
      collector.program.awaitOutput(READY);
      return collector;
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      collector.close();
      throw e;
    }
  }

  /** What it has printed so far. */
  public String output() throws IOException {
    return program.output();
  }

  /** Ends it at once, as a machine does that breaks down. What it had not passed on is lost. */
  public void kill() throws IOException {
    program.kill();
    TemporaryFiles.delete(directory);
  }

  @Override
  public void close() throws IOException {
    program.close();
    TemporaryFiles.delete(directory);
  }

  private static void add(List<String> command, Path directory, String yaml) throws IOException {
    Path file = directory.resolve(command.size() + ".yaml");
    command.add("--config=" + Files.writeString(file, yaml));
  }
}
