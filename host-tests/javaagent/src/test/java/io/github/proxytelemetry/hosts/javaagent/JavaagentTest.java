package io.github.proxytelemetry.hosts.javaagent;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.proxytelemetry.testbed.OtlpHttpReceiver;
import io.github.proxytelemetry.testbed.Program;
import io.github.proxytelemetry.testbed.ReceivedSpan;
import io.github.proxytelemetry.testbed.ReceivedTelemetry;
import io.github.proxytelemetry.testbed.RunningProgram;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The proxy runs in a process with the agent; client, origin and collector are here. */
class JavaagentTest {
  private static final int REQUESTS = 8;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static final Path PAGE = Path.of("../../docs/hosts/javaagent.md");
  private static final Pattern OPTION =
      Pattern.compile("^ +(-Dotel\\.\\S+) \\\\$", Pattern.MULTILINE);

  /** What the origin got, by path. */
  private final Map<String, String> arrived = new ConcurrentHashMap<>();

  private final OtlpHttpReceiver collector = OtlpHttpReceiver.start();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private HttpServer origin;

  @BeforeEach
  void startOrigin() throws IOException {
    origin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    origin.createContext(
        "/",
        exchange -> {
          String trace = String.join("|", exchange.getRequestHeaders().get("traceparent"));
          arrived.put(exchange.getRequestURI().getPath(), trace);
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write(new byte[] {'o', 'k'});
          exchange.close();
        });
    origin.start();
  }

  @AfterEach
  void stop() {
    origin.stop(0);
    collector.close();
  }

  @ParameterizedTest
  @EnumSource
  void anSdkOfOurOwnKeepsItsTraces(Proxy.Kind kind) throws Exception {
    String output = run(Main.Owner.OURS, kind, options("## An SDK of our own exports"));
    assertThat(output).doesNotContain("OpenTelemetry's javaagent");
    checkTraces();
    assertThat(collector.received().total("privacy_proxy_requests_total")).isEqualTo(REQUESTS);
  }

  @ParameterizedTest
  @EnumSource
  void theAgentsOpenTelemetryTakesTheTraces(Proxy.Kind kind) throws Exception {
    run(Main.Owner.AGENT, kind, options("## The agent exports"));
    checkTraces();
    checkSpansOfTheHost(kind == Proxy.Kind.JDK ? REQUESTS : 0);
    ReceivedTelemetry received = collector.received();
    assertThat(received.total("http.server.request.duration")).isEqualTo(REQUESTS);
  }

  @Test
  void withoutTheOptionsTheStartSaysWhichToUse() throws Exception {
    String output = run(Main.Owner.OURS, Proxy.Kind.JDK, List.of());
    assertThat(output)
        .containsOnlyOnce("-Dotel.instrumentation.opentelemetry-api.enabled=false")
        .containsOnlyOnce("-Dotel.instrumentation.okhttp.enabled=false");
  }

  /** One tree a request, of the client's span, our two, and what the origin was told. */
  private void checkTraces() {
    List<ReceivedSpan> spans =
        collector.received().spans().stream().filter(span -> !isOfTheHost(span)).toList();
    assertThat(spans).as("%s", spans).hasSize(2 * REQUESTS);
    for (int i = 0; i < REQUESTS; i++) {
      String trace = traceId(i);
      ReceivedSpan server = find(spans, trace, SpanKind.SPAN_KIND_SERVER);
      ReceivedSpan upstream = find(spans, trace, SpanKind.SPAN_KIND_CLIENT);
      assertThat(server.parentSpanId()).isEqualTo(spanId(i));
      assertThat(upstream.parentSpanId()).isEqualTo(server.spanId());
      assertThat(arrived.get("/" + i)).startsWith("00-" + trace + "-" + upstream.spanId() + "-");
    }
  }

  /** It starts them while the exchange is active, with the global OpenTelemetry. */
  private void checkSpansOfTheHost(int count) {
    List<ReceivedSpan> spans = collector.received().spans();
    List<ReceivedSpan> own = spans.stream().filter(JavaagentTest::isOfTheHost).toList();
    assertThat(own).hasSize(count);
    for (ReceivedSpan span : own) {
      ReceivedSpan server = find(spans, span.traceId(), SpanKind.SPAN_KIND_SERVER);
      assertThat(span.parentSpanId()).isEqualTo(server.spanId());
    }
  }

  private static boolean isOfTheHost(ReceivedSpan span) {
    return span.name().equals("host");
  }

  private static ReceivedSpan find(List<ReceivedSpan> spans, String trace, SpanKind kind) {
    List<ReceivedSpan> found =
        spans.stream().filter(span -> span.traceId().equals(trace) && span.kind() == kind).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  /** Sends the requests through a proxy of its own process, and returns what that has printed. */
  private String run(Main.Owner owner, Proxy.Kind kind, List<String> extra) throws Exception {
    List<String> options = new ArrayList<>();
    options.add("-javaagent:" + System.getProperty("javaagent"));
    options.add("-Dotel.exporter.otlp.endpoint=" + collector.endpoint());
    options.add("-Dotel.logs.exporter=none");
    options.addAll(extra);
    String address = "127.0.0.1:" + origin.getAddress().getPort();
    List<String> command =
        Program.java(options, Main.class, owner.name(), kind.name(), address, collector.endpoint());
    try (RunningProgram proxy = RunningProgram.start(command)) {
      int port = Integer.parseInt(proxy.awaitLine("port "));
      for (int i = 0; i < REQUESTS; i++) {
        HttpRequest request =
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + i))
                .header("traceparent", "00-" + traceId(i) + "-" + spanId(i) + "-01")
                .timeout(LIMIT)
                .build();
        assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("ok");
      }
      proxy.endInput();
      proxy.awaitEnd();
      return proxy.output();
    }
  }

  /** The options that a section of the page gives. */
  private static List<String> options(String heading) throws IOException {
    String page = Files.readString(PAGE);
    int start = page.indexOf(heading);
    assertThat(start).isNotNegative();
    String section = page.substring(start, page.indexOf("\n## ", start));
    List<String> options = OPTION.matcher(section).results().map(found -> found.group(1)).toList();
    assertThat(options).isNotEmpty();
    return options;
  }

  private static String traceId(int i) {
    return String.format("0af7651916cd43dd8448eb211c8031%02x", i);
  }

  private static String spanId(int i) {
    return String.format("b7ad6b71692033%02x", i);
  }
}
