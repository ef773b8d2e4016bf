package io.github.proxytelemetry.httpclient;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class WaitingAttemptsTest {
  private final WaitingAttempts waiting = new WaitingAttempts();

  @Test
  void hasEnded_whenTheOnlyAttemptExits() {
    int token = waiting.enter();
    int epoch = waiting.epoch();
    waiting.advance();
    assertThat(waiting.haveEndedSince(epoch)).isFalse();
    waiting.exit(token);
    waiting.advance();
    assertThat(waiting.haveEndedSince(epoch)).isTrue();
    assertThat(waiting.isEmpty()).isTrue();
  }

  @Test
  void hasNotEnded_whileOneAttemptWaits() {
    int patient = waiting.enter();
    int epoch = waiting.epoch();
    for (int i = 0; i < 100; i++) {
      waiting.exit(waiting.enter());
      waiting.advance();
    }
    assertThat(waiting.haveEndedSince(epoch)).isFalse();
    waiting.exit(patient);
    waiting.advance();
    assertThat(waiting.haveEndedSince(epoch)).isTrue();
  }

  @Test
  void hasEnded_whileLaterAttemptsWait() {
    int last = waiting.enter();
    int epoch = waiting.epoch();
    int others = 0;
    while (!waiting.haveEndedSince(epoch) && others < 10) {
      int next = waiting.enter();
      assertThat(waiting.isEmpty()).isFalse();
      waiting.exit(last);
      waiting.advance();
      last = next;
      others++;
    }
    assertThat(waiting.haveEndedSince(epoch)).isTrue();
  }

  @Test
  void neverEndsTooEarly_withConcurrentAttempts() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      CountDownLatch start = new CountDownLatch(1);
      Future<?>[] runs = new Future<?>[4];
      for (int i = 0; i < runs.length; i++) {
        runs[i] =
            threads.submit(
                () -> {
                  start.await();
                  for (int round = 0; round < 20_000; round++) {
                    int token = waiting.enter();
                    int epoch = waiting.epoch();
                    waiting.advance();
                    assertThat(waiting.haveEndedSince(epoch)).isFalse();
                    waiting.exit(token);
                    waiting.advance();
                  }
                  return null;
                });
      }
      start.countDown();
      for (Future<?> run : runs) {
        run.get();
      }
      assertThat(waiting.isEmpty()).isTrue();
    } finally {
      threads.shutdownNow();
    }
  }
}
