package io.github.proxytelemetry.console;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds exchanges in the spans that ended last: a server span and all below it. */
final class Exchanges {
  /** As many as a page shows. */
  private static final int MAX = 40;

  /** Bounds what a retry storm, or a host with many spans of its own, puts on the page. */
  private static final int MAX_SPANS = 24;

  private static final String SCOPE = "io.github.proxytelemetry";

  private Exchanges() {}

  /** The latest, the newest first. */
  static List<RecordedExchange> latest(List<SpanData> spans) {
    Map<String, List<SpanData>> children = new HashMap<>();
    for (SpanData span : spans) {
      children.computeIfAbsent(parent(span), id -> new ArrayList<>()).add(span);
    }
    List<RecordedExchange> exchanges = new ArrayList<>();
    for (int i = spans.size() - 1; i >= 0 && exchanges.size() < MAX; i--) {
      SpanData span = spans.get(i);
      if (span.getKind() == SpanKind.SERVER && isOurs(span)) {
        List<RecordedExchange.Row> rows = new ArrayList<>();
        collect(span, 0, children, rows);
        exchanges.add(new RecordedExchange(span, rows));
      }
    }
    return exchanges;
  }

  static boolean isOurs(SpanData span) {
    return span.getInstrumentationScopeInfo().getName().equals(SCOPE);
  }

  private static void collect(
      SpanData span,
      int depth,
      Map<String, List<SpanData>> children,
      List<RecordedExchange.Row> rows) {
    rows.add(new RecordedExchange.Row(span, depth));
    List<SpanData> below = children.getOrDefault(id(span), List.of());
    below.stream()
        .sorted(Comparator.comparingLong(SpanData::getStartEpochNanos))
        .forEach(
            child -> {
              // A host that passes a context on to itself begins another exchange.
              if (rows.size() < MAX_SPANS && child.getKind() != SpanKind.SERVER) {
                collect(child, depth + 1, children, rows);
              }
            });
  }

  private static String id(SpanData span) {
    return span.getTraceId() + span.getSpanId();
  }

  private static String parent(SpanData span) {
    return span.getTraceId() + span.getParentSpanId();
  }
}
