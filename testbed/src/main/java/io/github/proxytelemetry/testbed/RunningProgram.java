package io.github.proxytelemetry.testbed;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A program that runs beside the test, and is stopped together with what it started. */
public final class RunningProgram implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  private final Path directory;
  private final Process process;

  private RunningProgram(Path directory, Process process) {
    this.directory = directory;
    this.process = process;
  }

  /** Starts a program in the environment of this one. */
  public static RunningProgram start(List<String> command) throws IOException {
    return start(command, System.getenv());
  }

  /** Starts a program in an environment that holds nothing else. */
  public static RunningProgram start(List<String> command, Map<String, String> environment)
      throws IOException {
    Path directory = Files.createTempDirectory("program");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            // A file instead of a pipe: it never fills up while nobody reads.
            .redirectOutput(directory.resolve("out").toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return new RunningProgram(directory, builder.start());
  }

  /** What it has printed so far, to both streams. */
  public String output() throws IOException {
    return Files.readString(directory.resolve("out"), StandardCharsets.UTF_8);
  }

  /** Whether it has not ended yet. */
  public boolean isRunning() {
    return process.isAlive();
  }

  /**
   * Waits for a line, and returns what follows the prefix.
   *
   * @throws AssertionError if the program ends before, or no such line comes within a minute; its
   *     message is the output
   */
  public String awaitLine(String prefix) throws IOException, InterruptedException {
    return await(prefix, line -> line.startsWith(prefix)).substring(prefix.length());
  }

  /**
   * Waits for a text, anywhere in a line.
   *
   * @throws AssertionError as of {@link #awaitLine}
   */
  public void awaitOutput(String text) throws IOException, InterruptedException {
    await(text, line -> line.contains(text));
  }

  /** Types a line. */
  public void type(String line) throws IOException {
    OutputStream input = process.getOutputStream();
    input.write((line + '\n').getBytes(StandardCharsets.UTF_8));
    input.flush();
  }

  /** Ends its input. */
  public void endInput() throws IOException {
    process.getOutputStream().close();
  }

  /**
   * Waits until it ends by itself.
   *
   * @throws AssertionError if it does not within a minute; its message is the output
   */
  public void awaitEnd() throws IOException, InterruptedException {
    if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("did not end within " + LIMIT + ":\n" + output());
    }
  }

  /** Ends it without a chance to tidy up. */
  public void kill() throws IOException {
    process.destroyForcibly();
    close();
  }

  @Override
  public void close() throws IOException {
    List<ProcessHandle> started = process.descendants().toList();
    process.destroy();
    started.forEach(ProcessHandle::destroy);
    try {
      process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    started.forEach(ProcessHandle::destroyForcibly);
    process.onExit().join();
    started.forEach(handle -> handle.onExit().join());
    TemporaryFiles.delete(directory);
  }

  private String await(String expected, Predicate<String> condition)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      // Asked first: what a program printed before it ended is all there afterwards.
      boolean last = !isRunning() || System.nanoTime() > deadline;
      Optional<String> line = output().lines().filter(condition).findFirst();
      if (line.isPresent()) {
        return line.get();
      }
      if (last) {
        throw new AssertionError("no line \"" + expected + "\" in:\n" + output());
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
