package io.github.proxytelemetry.otel.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class LongMapTest {
  private final LongMap<String> map = new LongMap<>();

  @Test
  void findsWhatWasPut_andNothingElse() {
    for (long key = -5000; key < 5000; key++) {
      map.put(key << 36, Long.toString(key));
    }
    for (long key = -5000; key < 5000; key++) {
      assertThat(map.get(key << 36)).isEqualTo(Long.toString(key));
    }
    assertThat(map.get(1)).isNull();
    assertThat(map.get(5000L << 36)).isNull();
  }

  @Test
  void hasRoomForEveryBitPattern() {
    map.put(0, "none");
    map.put(-1, "all");
    map.put(Long.MIN_VALUE, "first");
    map.put(Long.MAX_VALUE, "rest");
    map.put(0, "other");
    assertThat(map.get(0)).isEqualTo("other");
    assertThat(map.get(-1)).isEqualTo("all");
    assertThat(map.get(Long.MIN_VALUE)).isEqualTo("first");
    assertThat(map.get(Long.MAX_VALUE)).isEqualTo("rest");
  }

  @Test
  void neverHidesWhatWasPut_whileItGrows() throws Exception {
    map.put(7, "seven");
    AtomicBoolean missed = new AtomicBoolean();
    AtomicBoolean stop = new AtomicBoolean();
    CountDownLatch reading = new CountDownLatch(1);
    Thread reader =
        new Thread(
            () -> {
              while (!stop.get()) {
                if (!"seven".equals(map.get(7))) {
                  missed.set(true);
                }
                reading.countDown();
              }
            });
    reader.start();
    assertThat(reading.await(1, TimeUnit.MINUTES)).isTrue();
    for (long key = 100; key < 3000; key++) {
      map.put(key, "x");
    }
    stop.set(true);
    reader.join();
    assertThat(missed).isFalse();
  }
}
