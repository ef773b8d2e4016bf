package io.github.proxytelemetry.sdk.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers of a client that no propagator can read. */
class PropagatorFaultsTest {
  @ParameterizedTest
  @CsvSource({
    "jaeger, uber-trace-id, %zz",
    "jaeger, uber-trace-id, %",
    "b3, b3, %zz-%zz-%zz",
    "b3multi, X-B3-TraceId, %zz",
    "xray, X-Amzn-Trace-Id, Root=%zz;Parent;=",
    "ottrace, ot-tracer-traceid, %zz",
    "tracecontext, traceparent, %zz",
    "baggage, baggage, %zz"
  })
  void areIgnored(String propagator, String header, String value) {
    Context context = extract(propagator, Map.of(header, value));
    assertThat(context).isSameAs(Context.root());
  }

  @ParameterizedTest
  @ValueSource(strings = {"=%zz,", "=1;p=\"q\",", "=1;\u00e9,", "=1;\\,", "=1;p\u0001p,"})
  void areNotLogged_howeverManyThereAre(String member) {
    String broken =
        IntStream.range(0, 170).mapToObj(i -> "k" + i + member).collect(Collectors.joining());
    List<String> lines = new CopyOnWriteArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            lines.add(line.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger root = Logger.getLogger("");
    root.addHandler(handler);
    try {
      Context context =
          extract("baggage", Map.of("baggage", "first=%41;p=1," + broken + "last=b%20c"));
      assertThat(Baggage.fromContext(context).asMap()).containsOnlyKeys("first", "last");
      assertThat(Baggage.fromContext(context).getEntryValue("last")).isEqualTo("b c");
    } finally {
      root.removeHandler(handler);
    }
    assertThat(lines).isEmpty();
  }

  private static Context extract(String propagator, Map<String, String> headers) {
    return Propagators.of("propagators", List.of(propagator))
        .extract(Context.root(), headers, new MapGetter());
  }

  private static final class MapGetter implements TextMapGetter<Map<String, String>> {
    @Override
    public Iterable<String> keys(Map<String, String> carrier) {
      return carrier.keySet();
    }

    @Override
    public @Nullable String get(@Nullable Map<String, String> carrier, String key) {
      return carrier == null ? null : carrier.get(key);
    }
  }
}
