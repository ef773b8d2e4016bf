package io.github.proxytelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class NoopTest {
  @Test
  void isOff() {
    assertThat(ProxyTelemetry.noop().isEnabled()).isFalse();
    assertThat(ProxyTelemetry.noop().isGuarded()).isTrue();
    assertThat(ProxyTelemetry.guarded(ProxyTelemetry.noop())).isSameAs(ProxyTelemetry.noop());
  }

  @Test
  void allocatesNothing() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    Flows.all(ProxyTelemetry.noop());
    threads.getThreadAllocatedBytes(thread);
    long before = threads.getThreadAllocatedBytes(thread);
    for (int i = 0; i < 1000; i++) {
      Flows.all(ProxyTelemetry.noop());
    }
    assertThat(threads.getThreadAllocatedBytes(thread) - before).isZero();
  }

  @Test
  void startsReturnSingletons() {
    ProxyTelemetry noop = ProxyTelemetry.noop();
    ExchangeObservation exchange = noop.startExchange(Flows.GET);
    assertThat(exchange)
        .isSameAs(noop.startDownstreamConnection(null, null).startExchange(Flows.GET, 1));
    assertThat(exchange.startAttempt(Flows.ORIGIN)).isSameAs(noop.startAttempt(Flows.ORIGIN));
    assertThat(exchange.traceId()).isNull();
    assertThat(exchange.spanId()).isNull();
  }
}
