package io.github.proxytelemetry.testbed;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A real headless Chromium with a new profile. A page reports its results to the test by posting
 * them to its {@link TestOrigin}.
 */
public final class Browser implements AutoCloseable {
  private static final List<String> COMMAND =
      List.of(
          "chromium",
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          // Nothing but what the page asks for.
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-default-apps",
          "--disable-domain-reliability",
          "--disable-sync",
          "--disable-breakpad",
          // Its maker's servers, whom it calls all the same, do not exist.
          "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost");

  private final Path profile;
  private final RunningProgram program;

  private Browser(Path profile, RunningProgram program) {
    this.profile = profile;
    this.program = program;
  }

  /** Opens a page. */
  public static Browser open(String url, String... options) throws IOException {
    Path profile = Files.createTempDirectory("browser");
    List<String> command = new ArrayList<>(COMMAND);
    command.add("--user-data-dir=" + profile);
    command.addAll(List.of(options));
    command.add(url);
    Map<String, String> environment = new HashMap<>(System.getenv());
    // It leaves things behind in both.
    environment.put("HOME", profile.toString());
    environment.put("TMPDIR", profile.toString());
    return new Browser(profile, RunningProgram.start(command, environment));
  }

  /**
   * The options of a browser that asks a proxy for what is on this machine. It does not ask it for
   * its maker's servers.
   */
  public static String[] through(InetSocketAddress proxy, String... more) {
    List<String> options = new ArrayList<>();
    options.add("--proxy-server=http://127.0.0.1:" + proxy.getPort());
    options.add("--proxy-bypass-list=<-loopback>;*.com");
    options.addAll(List.of(more));
    return options.toArray(String[]::new);
  }

  /**
   * Waits for what its page posts to its origin.
   *
   * @throws AssertionError if the time is up before; its message is what the browser printed
   */
  public String awaitReport(TestOrigin origin, Duration limit)
      throws IOException, InterruptedException {
    String report = origin.awaitReport(limit);
    if (report == null) {
      throw new AssertionError("no report in " + limit + ":\n" + program.output());
    }
    return report;
  }

  @Override
  public void close() throws IOException {
    program.close();
    TemporaryFiles.delete(profile);
  }
}
