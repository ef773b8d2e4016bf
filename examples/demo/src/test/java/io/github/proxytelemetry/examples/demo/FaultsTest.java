package io.github.proxytelemetry.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The switches of the page, as a browser uses them, and what the page shows then. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class FaultsTest {
  private static final Pattern PAGE = Pattern.compile("page +(http://[0-9.:]+)/");
  private static final Pattern SENT = Pattern.compile("sent ([0-9]+) requests, ([0-9]+) meant");
  private static final Pattern COUNTED =
      Pattern.compile("counted ([0-9]+) requests, ([0-9]+) errors");

  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final Demo demo = new Demo(new PrintStream(output, true, StandardCharsets.UTF_8));
  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void showsEachFault_andItsEnd() throws Exception {
    String any = "127.0.0.1:0";
    Map<String, String> environment =
        Map.of("PROXY_LISTEN", any, "PROXY_METRICS", any, "PROXY_CONSOLE", any);
    CompletableFuture<Integer> code =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return demo.run(environment);
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    try {
      String page = awaitPage(code);
      awaitState(page, "\\[\"collector\",\"traces\",true,[1-9]");
      for (Fault fault : Fault.values()) {
        set(page, fault, "on");
      }
      awaitState(page, "\"path\":\"/slow\"");
      awaitState(page, "\\[\"connection_terminated\",\"upstream\",[1-9]");
      awaitState(page, "\\[\"connection_refused\",\"upstream\",[1-9]");
      awaitState(page, "\\[\"client_abort\",\"downstream\",[1-9]");
      awaitState(page, "\\[\"collector\",\"metrics\",false");
      for (Fault fault : Fault.values()) {
        set(page, fault, "off");
      }
      awaitState(page, "\\[\"collector\",\"metrics\",true");
      awaitState(page, "\\[\"connection_terminated\",\"upstream\",0,[1-9]");
    } finally {
      demo.stop();
    }
    assertThat(code.get()).as(text()).isZero();
    Matcher sent = find(SENT);
    Matcher counted = find(COUNTED);
    assertThat(counted.group(1)).isEqualTo(sent.group(1));
    assertThat(counted.group(2)).isEqualTo(sent.group(2));
    assertThat(text()).contains(" 0 failed otherwise");
  }

  private String awaitPage(CompletableFuture<Integer> code) throws InterruptedException {
    Matcher page = PAGE.matcher(text());
    while (!page.find()) {
      assertThat(code).as(text()).isNotDone();
      TimeUnit.MILLISECONDS.sleep(50);
      page = PAGE.matcher(text());
    }
    return page.group(1);
  }

  private void set(String page, Fault fault, String position) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(page + "/toggles/" + indexOf(fault) + "/" + position))
            .header("Origin", page)
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    assertThat(client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(204);
  }

  private static int indexOf(Fault fault) {
    return List.of(Fault.values()).indexOf(fault);
  }

  private void awaitState(String page, String pattern) throws Exception {
    Pattern wanted = Pattern.compile(pattern);
    HttpRequest request = HttpRequest.newBuilder(URI.create(page + "/events")).build();
    HttpResponse<Stream<String>> events = client.send(request, BodyHandlers.ofLines());
    try (Stream<String> lines = events.body()) {
      Iterator<String> line = lines.iterator();
      while (line.hasNext()) {
        if (wanted.matcher(line.next()).find()) {
          return;
        }
      }
    }
    throw new AssertionError("the page ended without " + pattern);
  }

  private Matcher find(Pattern pattern) {
    Matcher matcher = pattern.matcher(text());
    assertThat(matcher.find()).as(text()).isTrue();
    return matcher;
  }

  private String text() {
    return output.toString(StandardCharsets.UTF_8);
  }
}
