package io.github.proxytelemetry.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Load generators that have to be installed: {@code wrk} and {@code h2load}. */
final class LoadPrograms {
  private static final double MICROS_PER_SECOND = 1e6;

  /** Latencies by a script, as the program's own report rounds them. */
  private static final String SCRIPT =
      """
      function done(summary, latency, requests)
        local errors = summary.errors
        local failed = errors.connect + errors.read + errors.write + errors.status
        print(string.format("load %d %d %d %d %d %d %d %d", summary.requests, summary.duration,
          failed + errors.timeout, latency:percentile(50), latency:percentile(90),
          latency:percentile(99), latency:percentile(99.9), latency.max))
      end
      """;

  /** HTTP/1.1 on so many connections. */
  static Load wrk(int port, Duration duration, int connections, String... headers)
      throws IOException, InterruptedException {
    Path script = Files.createTempFile("wrk", ".lua");
    try {
      Files.writeString(script, SCRIPT);
      List<String> command =
          new ArrayList<>(
              List.of(
                  "wrk",
                  "-t1",
                  "-c" + connections,
                  "-d" + duration.toSeconds() + "s",
                  "-s" + script));
      for (String header : headers) {
        command.add("-H" + header);
      }
      command.add(url(port));
      String output = run(command);
      String result =
          output.lines().filter(line -> line.startsWith("load ")).findFirst().orElseThrow();
      long[] numbers =
          Stream.of(result.split(" ", -1)).skip(1).mapToLong(Long::parseLong).toArray();
      Instrumentation.require(numbers[2] == 0, "requests failed: " + output);
      return new Load(
          numbers[0],
          numbers[1] / MICROS_PER_SECOND,
          new Load.Latency(numbers[3], numbers[4], numbers[5], numbers[6], numbers[7]));
    } finally {
      Files.delete(script);
    }
  }

  /** HTTP/2 in cleartext on so many connections of so many streams. */
  static Load h2load(int port, Duration duration, int connections, int streams)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile("h2load", ".log");
    try {
      run(
          List.of(
              "h2load",
              "-c" + connections,
              "-m" + streams,
              "-D" + duration.toSeconds(),
              "--log-file=" + log,
              url(port)));
      // Fields: start, status, microseconds.
      return Load.of(
          Files.readAllLines(log).stream()
              .map(line -> line.split("\t", -1))
              .filter(words -> words[1].equals("200"))
              .mapToLong(words -> Long.parseLong(words[2]))
              .toArray(),
          duration);
    } finally {
      Files.delete(log);
    }
  }

  /** Sends so many requests, of which every one has to be answered. */
  static void exactly(int requests, int port, String option)
      throws IOException, InterruptedException {
    String output = run(List.of("h2load", "-c2", option, "-n" + requests, url(port)));
    Instrumentation.require(output.contains(requests + " succeeded"), output);
  }

  private static String url(int port) {
    return "http://127.0.0.1:" + port + "/users/7?full=1";
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Instrumentation.require(process.waitFor() == 0, output);
    return output;
  }

  private LoadPrograms() {}
}
