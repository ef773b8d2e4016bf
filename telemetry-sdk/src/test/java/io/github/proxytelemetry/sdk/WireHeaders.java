package io.github.proxytelemetry.sdk;

import io.github.proxytelemetry.otel.Headers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Headers of broken and hostile clients: valid ones, mutated ones, and noise; a seed makes one set.
 */
final class WireHeaders {
  /** Part of many values, to be found wherever they leak to. */
  static final String MARKER = "zz-wire-marker";

  private static final String TRACE = "6500000016cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";
  private static final int HUGE = 64 * 1024;

  private static final List<Map.Entry<String, String>> VALID =
      List.of(
          Map.entry("traceparent", "00-" + TRACE + "-" + SPAN + "-01"),
          Map.entry("traceparent", "00-" + TRACE + "-" + SPAN + "-00"),
          Map.entry("traceparent", "cc-" + TRACE + "-" + SPAN + "-03-later"),
          Map.entry("tracestate", "congo=t61rcWkgMzE,zz=" + MARKER),
          Map.entry("baggage", "tenant=" + MARKER + ";p=1,user=%41%20b"),
          Map.entry("b3", TRACE + "-" + SPAN + "-1-05e3ac9a4f6e3b90"),
          Map.entry("b3", TRACE + "-" + SPAN + "-d"),
          Map.entry("b3", "0"),
          Map.entry("X-B3-TraceId", TRACE),
          Map.entry("X-B3-TraceId", TRACE.substring(16)),
          Map.entry("X-B3-SpanId", SPAN),
          Map.entry("X-B3-ParentSpanId", SPAN),
          Map.entry("X-B3-Sampled", "1"),
          Map.entry("X-B3-Flags", "1"),
          Map.entry("uber-trace-id", TRACE + ":" + SPAN + ":0:1"),
          Map.entry("uber-trace-id", TRACE + "%3A" + SPAN + "%3A0%3A0"),
          Map.entry("uberctx-tenant", MARKER),
          Map.entry("jaeger-debug-id", MARKER),
          Map.entry("jaeger-baggage", "tenant=" + MARKER),
          Map.entry(
              "X-Amzn-Trace-Id",
              "Root=1-65000000-16cd43dd8448eb211c80319c;Parent=" + SPAN + ";Sampled=1;Self=1"),
          Map.entry("X-Amzn-Trace-Id", "Sampled=?;Lineage=1:a87bd80c:0;tenant=" + MARKER),
          Map.entry("ot-tracer-traceid", TRACE.substring(16)),
          Map.entry("ot-tracer-spanid", SPAN),
          Map.entry("ot-tracer-sampled", "true"),
          Map.entry("ot-baggage-tenant", MARKER),
          Map.entry("Forwarded", "for=\"[2001:db8::1]:80\";proto=https;host=" + MARKER),
          Map.entry("X-Forwarded-For", "192.0.2.7, 198.51.100.8"),
          Map.entry("X-Forwarded-Host", MARKER),
          Map.entry("X-Forwarded-Proto", "https"),
          Map.entry("Content-Length", "5"),
          Map.entry("Content-Type", "text/event-stream; charset=" + MARKER));

  private final SplittableRandom random;

  private WireHeaders(long seed) {
    this.random = new SplittableRandom(seed);
  }

  static Headers of(long seed) {
    return new WireHeaders(seed).headers();
  }

  private Headers headers() {
    Headers headers = new Headers();
    for (int left = random.nextInt(10); left > 0; left--) {
      Map.Entry<String, String> valid = VALID.get(random.nextInt(VALID.size()));
      String value = random.nextInt(3) == 0 ? valid.getValue() : mutated(valid.getValue());
      headers.with(valid.getKey(), value);
      if (random.nextInt(8) == 0) {
        headers.with(valid.getKey(), random.nextBoolean() ? value : mutated(value));
      }
    }
    return headers;
  }

  private String mutated(String value) {
    return switch (random.nextInt(10)) {
      case 0 -> "";
      case 1 -> noise(random.nextInt(80));
      case 2 -> value.substring(0, random.nextInt(value.length() + 1));
      case 3 -> value + "," + value;
      case 4 ->
          random.nextInt(100) == 0 ? value.repeat(HUGE / (value.length() + 1)) : value + value;
      case 5 -> value.toUpperCase(Locale.ROOT);
      case 6 -> value.replaceFirst("[-=:;]", "%");
      case 7 -> replaced(value, MARKER, 0);
      case 8 -> replaced(value, "%zz" + MARKER + "%", 2);
      default -> replaced(value, noise(1), 1);
    };
  }

  /** The value with a text in place of some of its characters. */
  private String replaced(String value, String text, int count) {
    int from = random.nextInt(value.length() + 1);
    return value.substring(0, from)
        + text
        + value.substring(Math.min(value.length(), from + count));
  }

  /** Characters as decoders of bytes make them, controls and lone surrogates included. */
  private String noise(int length) {
    StringBuilder noise = new StringBuilder();
    for (int i = 0; i < length; i++) {
      noise.append((char) random.nextInt(random.nextInt(4) == 0 ? 0x10000 : 0x100));
    }
    return noise.toString();
  }
}
