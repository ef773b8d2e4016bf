package io.github.proxytelemetry.benchmarks;

import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.HttpServerCodec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A whole proxy on loopback, in a process of its own for each mode, under {@code wrk} and {@code
 * h2load}, which have to be installed. The modes take turns, so that drift shows.
 */
public final class WholeProxy {
  private static final List<String> MODES = List.of("off", "metrics", "peerMetrics");
  private static final int ROUNDS = 4;
  private static final int CONNECTIONS = 16;
  private static final int TRIALS = 5000;
  private static final Duration WARM_UP = Duration.ofSeconds(8);
  private static final Duration RUN = Duration.ofSeconds(5);

  private WholeProxy() {}

  /** Takes nothing; prints one line for each run. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    EventLoopGroup loop = ProxyUnderLoad.eventLoop();
    List<Proxy> proxies = new ArrayList<>();
    try {
      int origin =
          ProxyUnderLoad.listen(
              loop,
              ProxyUnderLoad.filling(
                  pipeline -> pipeline.addLast(new HttpServerCodec(), new FreshAnswer())));
      for (String mode : MODES) {
        proxies.add(new Proxy(mode, origin));
      }
      for (Proxy proxy : proxies) {
        proxy.prove();
        Load.wrk(proxy.http1, WARM_UP);
        Load.h2load(proxy.http2, WARM_UP);
      }
      System.out.printf("%-8s %-12s %s%n", "", "", "req/s   CPU µs/req   p50 µs   p99 µs");
      for (int round = 0; round < ROUNDS; round++) {
        for (Proxy proxy : proxies) {
          proxy.measure("HTTP/1.1", () -> Load.wrk(proxy.http1, RUN));
        }
        for (Proxy proxy : proxies) {
          proxy.measure("HTTP/2", () -> Load.h2load(proxy.http2, RUN));
        }
      }
    } finally {
      for (Proxy proxy : proxies) {
        proxy.process.destroy();
      }
      loop.shutdownGracefully().syncUninterruptibly();
    }
  }

  /** A run of a load generator. */
  private interface Run {
    Load get() throws IOException, InterruptedException;
  }

  private static final class Proxy {
    final Process process;
    final int http1;
    final int http2;
    private final String mode;
    private final PrintStream questions;
    private final BufferedReader answers;

    Proxy(String mode, int origin) throws IOException {
      this.mode = mode;
      this.process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xms256m",
                  "-Xmx256m",
                  "-XX:+UseSerialGC",
                  "-cp",
                  System.getProperty("java.class.path"),
                  ProxyUnderLoad.class.getName(),
                  mode,
                  Integer.toString(origin))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      this.questions = new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII);
      this.answers = process.inputReader(StandardCharsets.US_ASCII);
      this.http1 = Integer.parseInt(answers.readLine());
      this.http2 = Integer.parseInt(answers.readLine());
    }

    /** Every request of both protocols is recorded, or nothing is timed. */
    void prove() throws IOException, InterruptedException {
      Load.exactly(TRIALS, http1, "--h1");
      Load.exactly(TRIALS, http2, "-m10");
      questions.println(2 * TRIALS);
      Instrumentation.require(answers.readLine() != null, mode + " did not record every request");
    }

    void measure(String protocol, Run run) throws IOException, InterruptedException {
      Duration before = cpu();
      long start = System.nanoTime();
      Load load = run.get();
      double seconds = (System.nanoTime() - start) / 1e9;
      double micros = cpu().minus(before).toNanos() / 1e3;
      System.out.printf(
          Locale.ROOT,
          "%-8s %-12s %5.0f   %10.1f   %6d   %6d%n",
          protocol,
          mode,
          load.requests() / seconds,
          micros / load.requests(),
          load.p50(),
          load.p99());
    }

    private Duration cpu() {
      return process.info().totalCpuDuration().orElseThrow();
    }
  }

  /**
   * Result of a load generator.
   *
   * @param requests how many were answered
   * @param p50 the median latency in microseconds
   * @param p99 its 99th percentile
   */
  private record Load(long requests, long p50, long p99) {
    /** With latencies in the format of {@code wrk}'s own report, by a script on standard input. */
    static Load wrk(int port, Duration duration) throws IOException, InterruptedException {
      Path script = Files.createTempFile("wrk", ".lua");
      try {
        Files.writeString(
            script,
            """
            function done(summary, latency, requests)
              local errors = summary.errors
              local failed = errors.connect + errors.read + errors.write + errors.status
              print(string.format("load %d %d %d %d", summary.requests, latency:percentile(50),
                latency:percentile(99), failed + errors.timeout))
            end
            """);
        String output =
            run(
                "wrk",
                "-t1",
                "-c" + CONNECTIONS,
                "-d" + duration.toSeconds() + "s",
                "-s" + script,
                url(port));
        String[] words =
            output
                .lines()
                .filter(line -> line.startsWith("load "))
                .findFirst()
                .orElseThrow()
                .split(" ", -1);
        Instrumentation.require(words[4].equals("0"), "requests failed: " + output);
        return new Load(
            Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]));
      } finally {
        Files.delete(script);
      }
    }

    /** Two connections share the streams: as many requests are under way as with wrk. */
    static Load h2load(int port, Duration duration) throws IOException, InterruptedException {
      Path log = Files.createTempFile("h2load", ".log");
      try {
        run(
            "h2load",
            "-c2",
            "-m" + CONNECTIONS / 2,
            "-D" + duration.toSeconds(),
            "--log-file=" + log,
            url(port));
        long[] micros =
            Files.readAllLines(log).stream()
                .map(line -> line.split("\t", -1))
                .filter(words -> words[1].equals("200"))
                .mapToLong(words -> Long.parseLong(words[2]))
                .sorted()
                .toArray();
        return new Load(micros.length, micros[micros.length / 2], micros[micros.length * 99 / 100]);
      } finally {
        Files.delete(log);
      }
    }

    /** Sends so many requests, of which every one has to be answered. */
    static void exactly(int requests, int port, String option)
        throws IOException, InterruptedException {
      String output = run("h2load", "-c2", option, "-n" + requests, url(port));
      Instrumentation.require(output.contains(requests + " succeeded"), output);
    }

    private static String url(int port) {
      return "http://127.0.0.1:" + port + "/users/7?full=1";
    }

    private static String run(String... command) throws IOException, InterruptedException {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Instrumentation.require(process.waitFor() == 0, output);
      return output;
    }
  }
}
