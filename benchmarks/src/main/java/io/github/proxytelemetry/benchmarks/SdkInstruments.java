package io.github.proxytelemetry.benchmarks;

import io.github.proxytelemetry.Instrument;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.LongUpDownCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.context.Context;

/** The recordings of one proxied exchange, made with the SDK's synchronous instruments. */
final class SdkInstruments {
  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("method");
  private static final AttributeKey<String> STATUS = AttributeKey.stringKey("status");
  private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("outcome");
  private static final double SECONDS = 0.002;

  private final LongUpDownCounter inProgress;
  private final LongCounter requests;
  private final LongCounter byStatus;
  private final LongCounter attempts;
  private final LongCounter sent;
  private final LongCounter received;
  private final DoubleHistogram queue;
  private final DoubleHistogram firstByte;
  private final DoubleHistogram processing;
  private final Attributes get = Attributes.of(METHOD, "GET");
  private final Attributes ok = Attributes.of(STATUS, "200");
  private final Attributes success = Attributes.of(OUTCOME, "success");

  SdkInstruments(OpenTelemetry openTelemetry) {
    Meter meter = openTelemetry.getMeter("benchmark");
    inProgress = meter.upDownCounterBuilder("benchmark_in_progress").build();
    requests = meter.counterBuilder("benchmark_requests_total").build();
    byStatus = meter.counterBuilder("benchmark_by_status_total").build();
    attempts = meter.counterBuilder("benchmark_attempts_total").build();
    sent = meter.counterBuilder("benchmark_sent_total").build();
    received = meter.counterBuilder("benchmark_received_total").build();
    queue = histogram(meter, "benchmark_queue");
    firstByte = histogram(meter, "benchmark_first_byte");
    processing = histogram(meter, "benchmark_processing");
  }

  void recordCached() {
    record(get, ok, success);
  }

  void recordFresh() {
    record(
        Attributes.of(METHOD, "GET"),
        Attributes.of(STATUS, "200"),
        Attributes.of(OUTCOME, "success"));
  }

  private void record(Attributes method, Attributes status, Attributes outcome) {
    Context context = Context.root();
    inProgress.add(1, Attributes.empty(), context);
    queue.record(SECONDS, Attributes.empty(), context);
    sent.add(32, Attributes.empty(), context);
    firstByte.record(SECONDS, Attributes.empty(), context);
    processing.record(SECONDS, Attributes.empty(), context);
    received.add(64, Attributes.empty(), context);
    attempts.add(1, outcome, context);
    inProgress.add(-1, Attributes.empty(), context);
    requests.add(1, method, context);
    byStatus.add(1, status, context);
  }

  private static DoubleHistogram histogram(Meter meter, String name) {
    return meter
        .histogramBuilder(name)
        .setUnit("s")
        .setExplicitBucketBoundariesAdvice(Instrument.PROCESSING_DURATION_SECONDS.buckets())
        .build();
  }
}
