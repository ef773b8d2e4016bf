package io.github.proxytelemetry.testbed;

import com.github.tomakehurst.wiremock.common.Json;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import wiremock.com.fasterxml.jackson.databind.JsonNode;

/** The real Jaeger, which {@code .ci/receivers} builds, with its storage in memory. */
public final class RealJaeger implements AutoCloseable {
  private static final String READY = "Everything is ready.";
  private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

  private final HttpClient client = HttpClient.newHttpClient();
  private final RunningProgram program;
  private final String grpc;
  private final String http;
  private final String query;

  private RealJaeger(RunningProgram program, String grpc, String http, String query) {
    this.program = program;
    this.grpc = grpc;
    this.http = http;
    this.query = query;
  }

  /** Starts one, and returns once it listens. */
  public static RealJaeger start() throws IOException, InterruptedException {
    String grpc = "127.0.0.1:" + FreePort.next();
    String http = "127.0.0.1:" + FreePort.next();
    String query = "127.0.0.1:" + FreePort.next();
    RunningProgram program =
        RunningProgram.start(
            List.of("jaeger", "-grpc=" + grpc, "-http=" + http, "-query=" + query));
    RealJaeger jaeger = new RealJaeger(program, grpc, http, query);
    try {
      program.awaitOutput(READY);
      return jaeger;
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      jaeger.close();
      throw e;
    }
  }

  /** Host and port of OTLP over gRPC. */
  public String grpc() {
    return grpc;
  }

  /** Host and port of OTLP over HTTP. */
  public String http() {
    return http;
  }

  /**
   * Asks for a trace until it has so many spans.
   *
   * @param traceId 32 hex digits
   * @throws AssertionError if the time is up before; its message is the last answer
   */
  public List<ReceivedSpan> awaitTrace(String traceId, Duration limit, int spans)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    List<ReceivedSpan> trace = trace(traceId);
    while (trace.size() != spans) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(traceId + " has not " + spans + " spans: " + trace);
      }
      TimeUnit.NANOSECONDS.sleep(POLL_INTERVAL.toNanos());
      trace = trace(traceId);
    }
    return trace;
  }

  /** The spans of a trace; empty where Jaeger does not know it. */
  public List<ReceivedSpan> trace(String traceId) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + query + "/api/v3/traces/" + traceId))
            .timeout(Duration.ofSeconds(10))
            .build();
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    List<ReceivedSpan> spans = new ArrayList<>();
    if (answer.statusCode() == HttpURLConnection.HTTP_NOT_FOUND) {
      return spans;
    }
    if (answer.statusCode() != HttpURLConnection.HTTP_OK) {
      throw new AssertionError(traceId + " was answered with " + answer.body());
    }
    for (JsonNode resource : Json.node(answer.body()).at("/result/resourceSpans")) {
      for (JsonNode scope : resource.path("scopeSpans")) {
        scope.path("spans").forEach(span -> spans.add(span(span)));
      }
    }
    return spans;
  }

  @Override
  public void close() throws IOException {
    program.close();
  }

  private static ReceivedSpan span(JsonNode span) {
    return new ReceivedSpan(
        span.path("traceId").asText(),
        span.path("spanId").asText(),
        span.path("parentSpanId").asText(),
        Span.SpanKind.forNumber(span.path("kind").asInt()),
        span.path("name").asText(),
        Status.StatusCode.forNumber(span.at("/status/code").asInt()),
        attributes(span.path("attributes")));
  }

  private static Map<String, String> attributes(JsonNode attributes) {
    Map<String, String> map = new TreeMap<>();
    for (JsonNode attribute : attributes) {
      // One member, which is named after the type: {"stringValue":"GET"}.
      attribute
          .path("value")
          .elements()
          .forEachRemaining(value -> map.put(attribute.path("key").asText(), value.asText()));
    }
    return map;
  }
}
