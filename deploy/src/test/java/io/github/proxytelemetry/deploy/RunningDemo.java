package io.github.proxytelemetry.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.proxytelemetry.examples.demo.Demo;
import io.github.proxytelemetry.testbed.Program;
import io.github.proxytelemetry.testbed.RunningProgram;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The demo as a user starts it, on free ports, with the switches of its page. */
final class RunningDemo implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final RunningProgram program;
  private final String page;
  private final InetSocketAddress metrics;

  static RunningDemo start() throws Exception {
    Map<String, String> environment = new HashMap<>(System.getenv());
    for (String listener : List.of("PROXY_LISTEN", "PROXY_METRICS", "PROXY_CONSOLE")) {
      environment.put(listener, "127.0.0.1:0");
    }
    RunningProgram program = RunningProgram.start(Program.java(List.of(), Demo.class), environment);
    try {
      return new RunningDemo(program);
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      program.close();
      throw e;
    }
  }

  private RunningDemo(RunningProgram program) throws IOException, InterruptedException {
    this.program = program;
    this.page = program.awaitLine("page ").strip();
    URI scraped = URI.create(program.awaitLine("metrics ").strip());
    this.metrics = new InetSocketAddress(scraped.getHost(), scraped.getPort());
  }

  /** Where Prometheus scrapes. */
  InetSocketAddress metrics() {
    return metrics;
  }

  /** Names of the faults, in the order of the page. */
  List<String> faults() throws IOException, InterruptedException {
    HttpRequest events = HttpRequest.newBuilder(URI.create(page + "events")).build();
    try (Stream<String> lines = client.send(events, BodyHandlers.ofLines()).body()) {
      String first = lines.filter(line -> line.startsWith("data: ")).findFirst().orElseThrow();
      List<String> names = new ArrayList<>();
      for (JsonNode toggle : new ObjectMapper().readTree(first.substring(6)).path("toggles")) {
        names.add(toggle.path(0).asText());
      }
      return names;
    }
  }

  /** Switches a fault on, as a click on the page does. */
  void cause(String fault) throws IOException, InterruptedException {
    URI toggle = URI.create(page + "toggles/" + faults().indexOf(fault) + "/on");
    HttpRequest click =
        HttpRequest.newBuilder(toggle)
            .header("Origin", page.substring(0, page.length() - 1))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    assertThat(client.send(click, BodyHandlers.discarding()).statusCode()).as(fault).isEqualTo(204);
  }

  @Override
  public void close() throws IOException {
    program.close();
  }
}
