package io.github.proxytelemetry.benchmarks;

import io.netty.channel.EventLoopGroup;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A proxy of one mode in a process of its own. */
final class ProxyProcess implements AutoCloseable {
  private static final int TRIALS = 5000;
  private static final int TUNNEL_TRIALS = 500;

  private final String mode;
  private final Origin origin;
  private final Process process;
  private final PrintStream questions;
  private final BufferedReader answers;
  private final int http1;
  private final int http2;
  private final String javaVersion;

  /**
   * What it forwards to.
   *
   * @param loop the event loop of the origin, which tunnels are opened from too
   * @param spans where spans are sent to
   */
  record Origin(EventLoopGroup loop, int port, SpanSink spans) {}

  static ProxyProcess start(Path java, Cores cores, Host host, String mode, Origin origin)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    // With one core the virtual machine would choose the serial collector by itself.
    command.addAll(List.of("-XX:+UseG1GC", "-Xms384m", "-Xmx384m"));
    command.add("-D" + SpanSink.PORT + "=" + origin.spans().port());
    // The JDK's server would wait 40 ms for an acknowledgement, and close what is over 200.
    command.add("-Dsun.net.httpserver.nodelay=true");
    command.add("-Dsun.net.httpserver.maxIdleConnections=1000");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ProxyUnderLoad.class.getName());
    command.addAll(List.of(host.key(), mode, Integer.toString(origin.port())));
    Process process =
        new ProcessBuilder(cores.onProxyCore(command))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new ProxyProcess(mode, origin, process);
  }

  private ProxyProcess(String mode, Origin origin, Process process) throws IOException {
    this.mode = mode;
    this.origin = origin;
    this.process = process;
    this.questions = new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII);
    this.answers = process.inputReader(StandardCharsets.US_ASCII);
    String[] words = answer("start").split(" ", -1);
    this.http1 = Integer.parseInt(words[0]);
    this.http2 = Integer.parseInt(words[1]);
    this.javaVersion = words[2];
  }

  String mode() {
    return mode;
  }

  int http1() {
    return http1;
  }

  int http2() {
    return http2;
  }

  String javaVersion() {
    return javaVersion;
  }

  Load openTunnels(Duration duration, int connections) throws InterruptedException {
    return TunnelLoad.during(duration, origin.loop(), http1, origin.port(), connections);
  }

  /** Every request and tunnel is recorded, or nothing is timed. */
  void prove() throws IOException, InterruptedException {
    LoadPrograms.exactly(TRIALS, http1, "--h1");
    if (http2 == 0) {
      questions.println("verify " + TRIALS + " 0");
    } else {
      LoadPrograms.exactly(TRIALS, http2, "-m10");
      TunnelLoad.exactly(TUNNEL_TRIALS, origin.loop(), http1, origin.port());
      questions.println("verify " + 2 * TRIALS + ' ' + TUNNEL_TRIALS);
    }
    answer("record every request");
  }

  Usage usage() throws IOException {
    questions.println("usage");
    return Usage.parse(answer("tell its usage"));
  }

  @Override
  public void close() {
    process.destroy();
  }

  private String answer(String what) throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IllegalStateException("The proxy of mode " + mode + " did not " + what);
    }
    return line;
  }
}
