package io.github.proxytelemetry.console;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A recorded exchange: its server span, the spans below it, and where its time went. Phases of
 * attempts are known where their layers are on, as attributes of the client spans.
 */
final class RecordedExchange {
  private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
  private static final AttributeKey<Long> STATUS =
      AttributeKey.longKey("http.response.status_code");
  private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
  private static final AttributeKey<Double> PROCESSING =
      AttributeKey.doubleKey("proxy.processing_time");
  private static final AttributeKey<String> STAGE = AttributeKey.stringKey("krakend.stage");
  private static final AttributeKey<Double> CONNECTION =
      AttributeKey.doubleKey("get-conn-duration");
  private static final AttributeKey<Double> DNS = AttributeKey.doubleKey("dns-duration");
  private static final AttributeKey<Double> TLS = AttributeKey.doubleKey("tls-duration");
  private static final AttributeKey<Double> RESPONSE = AttributeKey.doubleKey("response-duration");
  private static final double NANOS = 1e9;
  private static final double MILLIS = 1e6;

  /** Values are cut when they are recorded; this is for a page. */
  private static final int MAX_TEXT = 200;

  private final SpanData server;
  private final List<Row> rows;
  private final List<Segment> segments = new ArrayList<>();
  private final long length;

  /** End of the last segment, in nanoseconds since the start of the exchange. */
  private long cursor;

  /** A span, and how far it is below the server span. */
  record Row(SpanData span, int depth) {}

  /** A part of the time, in nanoseconds since the start of the exchange. */
  record Segment(Part part, long start, long end) {}

  /** What the time is spent on. */
  enum Part {
    QUEUE,
    PROXY,
    DNS,
    CONNECT,
    TLS,
    FIRST_BYTE,
    PAYLOAD,
    /** An attempt whose parts are not recorded. */
    ORIGIN,
    /** The rest of the response on its way to the client. */
    DELIVERY;

    boolean isOrigin() {
      return compareTo(DNS) >= 0 && this != DELIVERY;
    }
  }

  RecordedExchange(SpanData server, List<Row> rows) {
    this.server = server;
    this.rows = List.copyOf(rows);
    this.length = Math.max(0, server.getEndEpochNanos() - server.getStartEpochNanos());
    divide();
  }

  /** Parts that follow each other from the start to the end. */
  List<Segment> segments() {
    return segments;
  }

  void write(Json json) {
    json.object();
    json.name("id").value(server.getTraceId() + server.getSpanId());
    json.name("trace").value(server.getTraceId());
    json.name("at").value(server.getEndEpochNanos() / (long) MILLIS);
    json.name("name").value(cut(server.getName()));
    String path = server.getAttributes().get(PATH);
    json.name("path").value(path == null ? null : cut(path));
    Long status = server.getAttributes().get(STATUS);
    json.name("status").value(status == null ? 0 : status);
    String error = error();
    json.name("error").value(error == null ? null : cut(error));
    json.name("total").value(length / MILLIS);
    json.name("us").value(sum(false) / MILLIS);
    json.name("origin").value(sum(true) / MILLIS);
    json.name("parts").array();
    for (Segment segment : segments) {
      json.array()
          .value(segment.part().name())
          .value(segment.start() / MILLIS)
          .value((segment.end() - segment.start()) / MILLIS)
          .end();
    }
    json.end().name("spans").array();
    rows.forEach(row -> write(json, row));
    json.end().end();
  }

  private void write(Json json, Row row) {
    SpanData span = row.span();
    json.object();
    json.name("name").value(cut(span.getName()));
    json.name("kind").value(span.getKind().name());
    json.name("depth").value(row.depth());
    json.name("start").value((span.getStartEpochNanos() - server.getStartEpochNanos()) / MILLIS);
    json.name("length").value((span.getEndEpochNanos() - span.getStartEpochNanos()) / MILLIS);
    json.name("attributes").array();
    span.getAttributes()
        .forEach(
            (key, value) ->
                json.array().value(cut(key.getKey())).value(cut(value.toString())).end());
    json.end().end();
  }

  /** The exchange's own, or that of an attempt: a client may get a plain answer after a failure. */
  private @Nullable String error() {
    String error = server.getAttributes().get(ERROR);
    for (Row row : rows) {
      if (error == null && isAttempt(row.span())) {
        error = row.span().getAttributes().get(ERROR);
      }
    }
    return error;
  }

  private long sum(boolean origin) {
    return segments.stream()
        .filter(segment -> segment.part().isOrigin() == origin && segment.part() != Part.DELIVERY)
        .mapToLong(segment -> segment.end() - segment.start())
        .sum();
  }

  private void divide() {
    for (Row row : rows) {
      if ("proxy".equals(row.span().getAttributes().get(STAGE)) && segments.isEmpty()) {
        to(Part.QUEUE, sinceStart(row.span().getStartEpochNanos()));
      }
    }
    for (Row row : rows) {
      if (isAttempt(row.span())) {
        attempt(row.span());
      }
    }
    // What the proxy added before the response head and is not before or between the attempts.
    Double processing = server.getAttributes().get(PROCESSING);
    long own = processing == null ? 0 : (long) (processing * NANOS) - sum(false);
    boolean local = segments.stream().noneMatch(segment -> segment.part().isOrigin());
    to(Part.PROXY, local ? length : cursor + Math.max(0, own));
    to(Part.DELIVERY, length);
  }

  private void attempt(SpanData span) {
    long start = sinceStart(span.getStartEpochNanos());
    long end = sinceStart(span.getEndEpochNanos());
    to(Part.PROXY, start);
    Double connection = span.getAttributes().get(CONNECTION);
    Double response = span.getAttributes().get(RESPONSE);
    if (connection != null) {
      long dns = nanos(span.getAttributes().get(DNS));
      long tls = nanos(span.getAttributes().get(TLS));
      long ready = start + nanos(connection);
      to(Part.DNS, Math.min(ready, start + dns));
      to(Part.CONNECT, Math.min(end, Math.max(start, ready - tls)));
      to(Part.TLS, Math.min(end, ready));
    }
    if (response != null) {
      to(Part.FIRST_BYTE, Math.min(end, start + nanos(response)));
      to(Part.PAYLOAD, end);
    } else if (connection != null) {
      to(Part.FIRST_BYTE, end);
    } else {
      to(Part.ORIGIN, end);
    }
  }

  /** Spends the time from the last segment to there; attempts may overlap. */
  private void to(Part part, long until) {
    long end = Math.min(until, length);
    if (end > cursor) {
      segments.add(new Segment(part, cursor, end));
      cursor = end;
    }
  }

  private long sinceStart(long epochNanos) {
    return Math.max(0, epochNanos - server.getStartEpochNanos());
  }

  private static boolean isAttempt(SpanData span) {
    return span.getKind() == SpanKind.CLIENT && Exchanges.isOurs(span);
  }

  private static long nanos(@Nullable Double seconds) {
    return seconds == null ? 0 : (long) (seconds * NANOS);
  }

  private static String cut(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + '…';
  }
}
