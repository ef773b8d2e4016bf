package io.github.proxytelemetry.sdk.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What collectors may write into their answers. */
class AnswerSyntaxTest {
  private static final Instant NOW = Instant.parse("2026-11-06T08:49:37Z");

  @ParameterizedTest
  @CsvSource({"0,0", "1,1", " 120 ,120", "'Fri, 06 Nov 2026 08:49:47 GMT',10"})
  void readsSecondsAndDates(String value, long seconds) {
    assertThat(RetryAfter.nanos(value, NOW)).isEqualTo(TimeUnit.SECONDS.toNanos(seconds));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-1",
        "1.5",
        "soon",
        "1, 2",
        "Fri, 06 Nov 2026 08:49:27 GMT",
        "2026-11-06",
        "٣"
      })
  void takesAnythingElseForNothing(String value) {
    assertThat(RetryAfter.nanos(value, NOW)).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1000000000000000000",
        "99999999999999999999999999",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "3600"
      })
  void waitsNoLongerThanTheLimit(String value) {
    long delay = Backoff.afterRetryAfter(RetryAfter.nanos(value, NOW));
    assertThat(delay)
        .isBetween(Backoff.MAX_RETRY_AFTER_NANOS, Backoff.MAX_RETRY_AFTER_NANOS * 11 / 10 + 1);
  }

  @Test
  void findsTheFieldAmongOthers() {
    byte[] message =
        ExportTraceServiceResponse.newBuilder()
            .setPartialSuccess(
                ExportTracePartialSuccess.newBuilder()
                    .setErrorMessage("x".repeat(300))
                    .setRejectedSpans(Long.MAX_VALUE))
            .build()
            .toByteArray();
    ByteBuffer partial = ProtoFields.message(ByteBuffer.wrap(message), 1);
    assertThat(ProtoFields.number(partial, 1)).isEqualTo(Long.MAX_VALUE);
    assertThat(ProtoFields.number(partial, 2)).isZero();
    assertThat(ProtoFields.number(partial, 3)).isZero();
    assertThat(ProtoFields.message(partial, 2).remaining()).isEqualTo(300);
  }

  @RepeatedTest(20)
  void readsAnythingWithoutAnError() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 1000; i++) {
      byte[] noise = new byte[random.nextInt(64)];
      random.nextBytes(noise);
      ByteBuffer message = ByteBuffer.wrap(noise);
      assertThat(ProtoFields.message(message, 1 + random.nextInt(3)).remaining())
          .as("seed %d", seed)
          .isLessThanOrEqualTo(noise.length);
      ProtoFields.number(message, 1);
    }
  }

  @Test
  void waitsLongerEachTime_upToALimit() {
    Backoff backoff = new Backoff();
    for (int i = 0; i < 20; i++) {
      assertThat(backoff.nextNanos())
          .isBetween(TimeUnit.MILLISECONDS.toNanos(500), TimeUnit.SECONDS.toNanos(5));
    }
    assertThat(backoff.nextNanos()).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(2500));
    backoff.reset();
    assertThat(backoff.nextNanos()).isLessThanOrEqualTo(TimeUnit.SECONDS.toNanos(1));
  }
}
