package io.github.proxytelemetry.testbed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs a program to its end.
 *
 * @param exitCode what it ended with
 * @param output what it printed, to both streams
 */
public record Program(int exitCode, String output) {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /**
   * How to run a class of the tests' class path in a Java runtime of its own.
   *
   * @param options of the runtime, such as system properties
   */
  public static List<String> java(List<String> options, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // It lives for seconds, most of which the optimizing compiler would take.
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Runs a program without input. */
  public static Program run(List<String> command) throws IOException, InterruptedException {
    return run(command, "");
  }

  /**
   * Runs a program.
   *
   * @throws AssertionError if it does not end within a minute; it is stopped then
   */
  public static Program run(List<String> command, String input)
      throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("program");
    Path in = Files.writeString(directory.resolve("in"), input);
    Path out = directory.resolve("out");
    // Files instead of pipes: no pipe can fill up while nobody reads it.
    Process process =
        new ProcessBuilder(command)
            .redirectInput(in.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    try {
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError(command.get(0) + " did not end within " + LIMIT);
      }
      return new Program(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8));
    } finally {
      process.destroyForcibly();
      TemporaryFiles.delete(directory);
    }
  }
}
