package io.github.proxytelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
  private final Throwable thrown = new IllegalStateException("secret");
  private static final String FIRST =
      "back end: caught java.lang.IllegalStateException; traffic is not affected,"
          + " further failures are logged once a minute";
  private static final String OPENED =
      "back end: more than 100 failures in 10 s, last java.lang.IllegalStateException;"
          + " disabled for 30 s";
  private static final String CLOSED = "back end: enabled again after 30 s";

  // Close to the overflow of the clock, which no comparison may notice.
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(20));
  private final List<String> log = Collections.synchronizedList(new ArrayList<>());
  private final CircuitBreaker breaker = new CircuitBreaker("back end", clock::get, log::add);

  @Test
  void isClosedAtFirst() {
    assertThat(breaker.isOpen()).isFalse();
    assertThat(breaker.failures()).isZero();
    assertThat(breaker.trips()).isZero();
    assertThat(log).isEmpty();
  }

  @Test
  void opensWhenTheBudgetIsExceeded() {
    fail(100);
    assertThat(breaker.isOpen()).isFalse();
    fail(1);
    assertThat(breaker.isOpen()).isTrue();
    assertThat(breaker.trips()).isEqualTo(1);
    assertThat(breaker.failures()).isEqualTo(101);
    assertThat(log).containsExactly(FIRST, OPENED);
  }

  @Test
  void closesByItself_withAFreshBudget() {
    fail(101);
    advance(29_999);
    assertThat(breaker.isOpen()).isTrue();
    advance(1);
    assertThat(breaker.isOpen()).isFalse();
    fail(100);
    assertThat(breaker.isOpen()).isFalse();
    fail(1);
    assertThat(breaker.isOpen()).isTrue();
    assertThat(breaker.trips()).isEqualTo(2);
    assertThat(log).containsExactly(FIRST, OPENED, CLOSED, OPENED);
  }

  @Test
  void closesAtAFailure_whereNothingElseAsks() {
    fail(101);
    advance(30_000);
    fail(1);
    assertThat(log).containsExactly(FIRST, OPENED, CLOSED);
    assertThat(breaker.isOpen()).isFalse();
  }

  @Test
  void failuresWhileOpenAreCounted_andDoNotKeepItOpen() {
    fail(101);
    advance(29_999);
    fail(1000);
    advance(1);
    assertThat(breaker.isOpen()).isFalse();
    fail(100);
    assertThat(breaker.isOpen()).isFalse();
    assertThat(breaker.failures()).isEqualTo(1201);
    assertThat(breaker.trips()).isEqualTo(1);
  }

  @Test
  void budgetIsPerTime_andNotPerLife() {
    for (int i = 0; i < 10_000; i++) {
      fail(1);
      advance(100);
    }
    assertThat(breaker.isOpen()).isFalse();
    assertThat(breaker.trips()).isZero();
    assertThat(breaker.failures()).isEqualTo(10_000);
    // 1,000 seconds.
    assertThat(log).hasSize(17).containsOnly(FIRST);
  }

  @Test
  void windowSlides() {
    advance(9_000);
    fail(60);
    advance(9_000);
    fail(40);
    assertThat(breaker.isOpen()).isFalse();
    advance(999);
    fail(1);
    assertThat(breaker.isOpen()).as("the oldest of 101 is 9.999 s old").isTrue();
  }

  @Test
  void opensOnce_whenThreadsRace() throws InterruptedException {
    int threads = 8;
    CyclicBarrier start = new CyclicBarrier(threads);
    for (int round = 1; round <= 50; round++) {
      List<Thread> racing = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        Thread thread =
            new Thread(
                () -> {
                  try {
                    start.await();
                  } catch (Exception e) {
                    throw new AssertionError(e);
                  }
                  breaker.isOpen();
                  fail(50);
                });
        racing.add(thread);
        thread.start();
      }
      for (Thread thread : racing) {
        thread.join();
      }
      assertThat(breaker.isOpen()).isTrue();
      assertThat(breaker.trips()).isEqualTo(round);
      assertThat(breaker.failures()).isEqualTo(round * 400L);
      advance(30_000);
    }
    assertThat(log).filteredOn(OPENED::equals).hasSize(50);
    assertThat(log).filteredOn(CLOSED::equals).hasSize(49);
  }

  @Test
  @SuppressWarnings("NullAway") // the null is what is tested
  void cannotThrow() {
    CircuitBreaker broken =
        new CircuitBreaker(
            "back end",
            clock::get,
            line -> {
              throw new StackOverflowError(line);
            });
    broken.failed(null);
    for (int i = 0; i < 100; i++) {
      broken.failed(thrown);
    }
    assertThat(broken.failures()).isEqualTo(101);
    assertThat(broken.isOpen()).isTrue();
    advance(30_000);
    assertThat(broken.isOpen()).isFalse();
  }

  @Test
  void allocatesNothing_whileClosed() {
    assertThat(Allocation.bytesOf(breaker::isOpen)).isZero();
  }

  @Test
  @SuppressWarnings("NullAway") // the null is what is tested
  void needsASubject() {
    assertThatNullPointerException()
        .isThrownBy(() -> CircuitBreaker.create(null))
        .withMessage("subject");
    assertThat(CircuitBreaker.create("test").isOpen()).isFalse();
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      breaker.failed(thrown);
    }
  }

  private void advance(long millis) {
    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }
}
