package io.github.proxytelemetry.sdk.export;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** An exporter with a fault, until it is healed. */
final class FaultyExporter {
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger delivered = new AtomicInteger();
  private final Set<String> names = ConcurrentHashMap.newKeySet();
  private final CountDownLatch called = new CountDownLatch(1);
  private volatile Supplier<CompletableResultCode> behaviour;
  private volatile Thread thread;

  FaultyExporter(Supplier<CompletableResultCode> fault) {
    this.behaviour = fault;
  }

  /** Fails as {@link OtlpSender} does. */
  static CompletableResultCode fail(Outcome outcome) {
    throw outcome.failure();
  }

  void heal() {
    this.behaviour = CompletableResultCode::ofSuccess;
  }

  int calls() {
    return calls.get();
  }

  int delivered() {
    return delivered.get();
  }

  /** Of the spans that were delivered. */
  Set<String> names() {
    return names;
  }

  /** The thread that called first. */
  Thread awaitThread() throws InterruptedException {
    if (!called.await(1, TimeUnit.MINUTES)) {
      throw new AssertionError("not called");
    }
    return thread;
  }

  SpanExporter spans() {
    return new SpanExporter() {
      @Override
      public CompletableResultCode export(Collection<SpanData> spans) {
        CompletableResultCode result = called(spans.size());
        if (result.isSuccess()) {
          spans.forEach(span -> names.add(span.getName()));
        }
        return result;
      }

      @Override
      public CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
      }

      @Override
      public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
      }
    };
  }

  MetricExporter metrics() {
    return new MetricExporter() {
      @Override
      public AggregationTemporality getAggregationTemporality(InstrumentType type) {
        return AggregationTemporality.CUMULATIVE;
      }

      @Override
      public CompletableResultCode export(Collection<MetricData> metrics) {
        return called(metrics.size());
      }

      @Override
      public CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
      }

      @Override
      public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
      }
    };
  }

  private CompletableResultCode called(int items) {
    calls.incrementAndGet();
    thread = Thread.currentThread();
    called.countDown();
    CompletableResultCode result = behaviour.get();
    if (result.isSuccess()) {
      delivered.addAndGet(items);
    }
    return result;
  }
}
