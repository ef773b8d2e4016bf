package io.github.proxytelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBucketTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final AtomicLong clock = new AtomicLong();

  @ParameterizedTest
  @CsvSource({
    "0.0, 0",
    "-0.0, 0",
    "4.9E-324, 1",
    "0.1, 1",
    "1.0, 1",
    "1.9, 1",
    "2.5, 2",
    "3.0, 3",
    "7.0, 7",
    "100.0, 100",
    "999999.0, 999999",
    "1000000.0, 1000000"
  })
  void startsWithASecondsWorth_atLeastOne(double perSecond, int burst) {
    TokenBucket bucket = bucket(perSecond);
    assertThat(drain(bucket)).isEqualTo(burst);
    assertThat(bucket.tryTake()).isFalse();
  }

  @Test
  void refillsAtItsRate_andNoFurtherThanTheBurst() {
    TokenBucket bucket = bucket(4);
    drain(bucket);
    clock.addAndGet(SECOND / 4 - 1);
    assertThat(bucket.tryTake()).isFalse();
    clock.addAndGet(1);
    assertThat(drain(bucket)).isEqualTo(1);
    clock.addAndGet(SECOND / 2);
    assertThat(drain(bucket)).isEqualTo(2);
    clock.addAndGet(1000 * SECOND);
    assertThat(drain(bucket)).isEqualTo(4);
  }

  @Test
  void refillsSlowerThanOnceASecond() {
    TokenBucket bucket = bucket(0.1);
    assertThat(drain(bucket)).isEqualTo(1);
    clock.addAndGet(10 * SECOND - 1);
    assertThat(drain(bucket)).isZero();
    clock.addAndGet(1);
    assertThat(drain(bucket)).isEqualTo(1);
  }

  @Test
  void neverRefills_atZero() {
    TokenBucket bucket = bucket(0);
    for (int i = 0; i < 1000; i++) {
      clock.addAndGet(Long.MAX_VALUE / 100);
      assertThat(bucket.tryTake()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, Long.MAX_VALUE - 1, Long.MIN_VALUE, -1, 0})
  void survivesAClockThatOverflows(long start) {
    clock.set(start);
    TokenBucket bucket = bucket(10);
    assertThat(drain(bucket)).isEqualTo(10);
    int taken = 0;
    for (int i = 0; i < 20; i++) {
      clock.addAndGet(SECOND / 20);
      taken += drain(bucket);
    }
    assertThat(taken).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 1000, 1_000_000_000L, 3_600_000_000_000L, Long.MAX_VALUE / 2})
  void survivesAClockThatIsSetBack(long back) {
    TokenBucket bucket = bucket(10);
    drain(bucket);
    clock.addAndGet(-back);
    assertThat(drain(bucket)).as("nothing is given for it").isZero();
    int taken = 0;
    for (int i = 0; i < 40; i++) {
      clock.addAndGet(SECOND / 20);
      taken += drain(bucket);
    }
    assertThat(taken).as("in the next two seconds").isBetween(10, 20);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 1000, 400_000_000L, 1_000_000_000L})
  void givesNothingForAClockThatWavers(long amplitude) {
    TokenBucket bucket = bucket(10);
    drain(bucket);
    clock.addAndGet(amplitude);
    drain(bucket);
    for (int i = 0; i < 1000; i++) {
      clock.addAndGet(i % 2 == 0 ? -amplitude : amplitude);
      assertThat(bucket.tryTake()).isFalse();
    }
  }

  @Test
  void givesNothingBack_whenAThreadWasSuspendedInBetween() {
    AtomicBoolean suspended = new AtomicBoolean();
    TokenBucket[] bucket = new TokenBucket[1];
    bucket[0] =
        new TokenBucket(
            10,
            () -> {
              long read = clock.get();
              if (suspended.compareAndSet(true, false)) {
                // Others run for a long time before the one that read the clock goes on.
                clock.addAndGet(1000 * SECOND);
                assertThat(drain(bucket[0])).isEqualTo(10);
              }
              return read;
            });
    drain(bucket[0]);
    suspended.set(true);
    assertThat(drain(bucket[0])).as("when it saw no token").isZero();
    clock.addAndGet(SECOND / 10);
    suspended.set(true);
    assertThat(drain(bucket[0])).as("when it saw one that others took").isZero();
    clock.addAndGet(SECOND / 10);
    assertThat(drain(bucket[0])).isEqualTo(1);
  }

  @Test
  void keepsItsBudgetExactly_underSeveralThreads() throws Exception {
    int threads = 4;
    int steps = 50_000;
    long stepNanos = 10_000;
    TokenBucket bucket = bucket(100);
    CyclicBarrier start = new CyclicBarrier(threads);
    Callable<Integer> client =
        () -> {
          start.await(30, TimeUnit.SECONDS);
          int taken = 0;
          for (int i = 0; i < steps; i++) {
            clock.addAndGet(stepNanos);
            taken += bucket.tryTake() ? 1 : 0;
          }
          return taken;
        };
    // The burst is taken first, so that the bucket is never full and no token flows over.
    long taken = drain(bucket) + sum(threads, client);
    long elapsedSeconds = stepNanos * steps * threads / SECOND;
    assertThat(taken).isEqualTo(100 + 100 * elapsedSeconds);
  }

  @Test
  void givesEachTokenOnce_whileTheClockStands() throws Exception {
    int threads = 4;
    TokenBucket bucket = bucket(100_000);
    CyclicBarrier start = new CyclicBarrier(threads);
    Callable<Integer> client =
        () -> {
          start.await(30, TimeUnit.SECONDS);
          return drain(bucket);
        };
    assertThat(sum(threads, client)).isEqualTo(100_000);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, -1, Double.NaN, 1_000_000.5, Double.POSITIVE_INFINITY})
  void refusesARateOutsideItsRange(double perSecond) {
    String message =
        "sampling rate: invalid value "
            + perSecond
            + "; expected 0.0 (none) to 1000000.0 traces per second";
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Sampling.rateLimited(perSecond))
        .withMessage(message);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Sampling.ratio(0.5).capped(perSecond))
        .withMessage(message);
  }

  private TokenBucket bucket(double perSecond) {
    return new TokenBucket(perSecond, clock::get);
  }

  private static int drain(TokenBucket bucket) {
    int taken = 0;
    while (bucket.tryTake()) {
      taken++;
    }
    return taken;
  }

  private static long sum(int threads, Callable<Integer> task) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Integer>> results = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        results.add(executor.submit(task));
      }
      long sum = 0;
      for (Future<Integer> result : results) {
        sum += result.get(30, TimeUnit.SECONDS);
      }
      return sum;
    } finally {
      executor.shutdownNow();
    }
  }
}
