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
  void isOverAtOnce_whenTheOnlyOneEnds() {
    int since = waiting.begin();
    int moment = waiting.now();
    waiting.takeTurns();
    assertThat(waiting.areAllOver(moment)).isFalse();
    waiting.end(since);
    waiting.takeTurns();
    assertThat(waiting.areAllOver(moment)).isTrue();
    assertThat(waiting.isNobody()).isTrue();
  }

  @Test
  void isNotOver_whileOneWaitsStill() {
    int patient = waiting.begin();
    int moment = waiting.now();
    for (int i = 0; i < 100; i++) {
      waiting.end(waiting.begin());
      waiting.takeTurns();
    }
    assertThat(waiting.areAllOver(moment)).isFalse();
    waiting.end(patient);
    waiting.takeTurns();
    assertThat(waiting.areAllOver(moment)).isTrue();
  }

  @Test
  void isOver_thoughThereAreAlwaysOthers() {
    int last = waiting.begin();
    int moment = waiting.now();
    int others = 0;
    while (!waiting.areAllOver(moment) && others < 10) {
      int next = waiting.begin();
      assertThat(waiting.isNobody()).isFalse();
      waiting.end(last);
      waiting.takeTurns();
      last = next;
      others++;
    }
    assertThat(waiting.areAllOver(moment)).isTrue();
  }

  @Test
  void isNeverOverTooEarly_whicheverThreadTakesTurns() throws Exception {
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
                    int since = waiting.begin();
                    int moment = waiting.now();
                    waiting.takeTurns();
                    assertThat(waiting.areAllOver(moment)).isFalse();
                    waiting.end(since);
                    waiting.takeTurns();
                  }
                  return null;
                });
      }
      start.countDown();
      for (Future<?> run : runs) {
        run.get();
      }
      assertThat(waiting.isNobody()).isTrue();
    } finally {
      threads.shutdownNow();
    }
  }
}
