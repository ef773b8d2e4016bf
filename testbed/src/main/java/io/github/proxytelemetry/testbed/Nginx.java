package io.github.proxytelemetry.testbed;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The real nginx as an origin on a free port of the loopback interface. It answers {@code /hello}
 * with the 5 bytes of {@value #HELLO}, {@code /missing} with 404, and keeps a client's connection
 * for 1000 requests.
 */
public final class Nginx implements AutoCloseable {
  /** Its output. */
  public static final String HELLO = "hello";

  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  /** The third number of the line below the names: how many requests it has got. */
  private static final Pattern STATUS = Pattern.compile("requests\\s+\\d+ \\d+ (\\d+)");

  private final HttpClient client = HttpClient.newHttpClient();
  private final Path directory;
  private final RunningProgram program;
  private final int port;
  private long asked;

  private Nginx(Path directory, RunningProgram program, int port) {
    this.directory = directory;
    this.program = program;
    this.port = port;
  }

  /** Starts one, and returns once it answers. */
  public static Nginx start() throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("nginx");
    int port = FreePort.next();
    Path config = directory.resolve("nginx.conf");
    Files.writeString(
        config,
        """
        daemon off;
        master_process off;
        pid %1$s/pid;
        error_log stderr;
        events { worker_connections 1024; }
        http {
          access_log off;
          client_body_temp_path %1$s/body;
          proxy_temp_path %1$s/proxy;
          fastcgi_temp_path %1$s/fastcgi;
          uwsgi_temp_path %1$s/uwsgi;
          scgi_temp_path %1$s/scgi;
          keepalive_requests 1000;
          server {
            listen 127.0.0.1:%2$d;
            location = /hello { return 200 "%3$s"; }
            location = /missing { return 404; }
            location = /status { stub_status; }
          }
        }
        """
            .formatted(directory, port, HELLO));
    RunningProgram program =
        RunningProgram.start(
            List.of("nginx", "-p", directory.toString(), "-e", "stderr", "-c", config.toString()));
    Nginx nginx = new Nginx(directory, program, port);
    try {
      nginx.awaitStart();
      return nginx;
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      nginx.close();
      throw e;
    }
  }

  /** Its address as it stands in a URL. */
  public String authority() {
    return "127.0.0.1:" + port;
  }

  /** Number of requests that it has counted, without this one. */
  public long requests() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + authority() + "/status"))
            .timeout(Duration.ofSeconds(10))
            .build();
    String text = client.send(request, BodyHandlers.ofString()).body();
    asked++;
    Matcher status = STATUS.matcher(text);
    if (!status.find()) {
      throw new IOException("not a status: " + text);
    }
    return Long.parseLong(status.group(1)) - asked;
  }

  @Override
  public void close() throws IOException {
    program.close();
    TemporaryFiles.delete(directory);
  }

  private void awaitStart() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (true) {
      try {
        requests();
        return;
      } catch (ConnectException notListeningYet) {
        if (!program.isRunning() || System.nanoTime() > deadline) {
          throw new AssertionError("nginx does not answer\n" + program.output(), notListeningYet);
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
  }
}
