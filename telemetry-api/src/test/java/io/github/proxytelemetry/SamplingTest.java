package io.github.proxytelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplingTest {
  private static final RequestInfo GET = () -> "GET";

  @Test
  void keepsItsShare() {
    assertThat(sampled(Sampling.ratio(0.01), 100_000)).isBetween(800, 1200);
    assertThat(sampled(Sampling.ratio(0.5), 100_000)).isBetween(49_000, 51_000);
  }

  @Test
  void keepsAllOrNothing() {
    assertThat(sampled(Sampling.ratio(1.0), 100_000)).isEqualTo(100_000);
    assertThat(sampled(Sampling.always(), 100_000)).isEqualTo(100_000);
    assertThat(sampled(Sampling.ratio(0.0), 100_000)).isZero();
    assertThat(sampled(Sampling.never(), 100_000)).isZero();
  }

  @Test
  void looksAtEveryRandomBitPattern() {
    assertThat(Sampling.always().sample(GET, -1L)).isTrue();
    assertThat(Sampling.always().sample(GET, Long.MAX_VALUE)).isTrue();
    assertThat(Sampling.never().sample(GET, Long.MIN_VALUE)).isFalse();
    assertThat(Sampling.never().sample(GET, 0L)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1.5, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesAShareOutsideItsRange(double share) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Sampling.ratio(share))
        .withMessage(
            "sampling ratio: invalid value " + share + "; expected 0.0 (none) to 1.0 (all)");
  }

  private static int sampled(Sampling sampling, int roots) {
    SplittableRandom random = new SplittableRandom(42);
    int count = 0;
    for (int i = 0; i < roots; i++) {
      if (sampling.sample(GET, random.nextLong())) {
        count++;
      }
    }
    return count;
  }
}
