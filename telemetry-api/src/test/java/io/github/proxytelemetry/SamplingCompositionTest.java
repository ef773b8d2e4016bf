package io.github.proxytelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplingCompositionTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
  static final RequestInfo HEALTH = new Request("GET", "/health?verbose");
  static final RequestInfo API = new Request("POST", "/api/7");
  static final RequestInfo CONNECT = new Request("CONNECT", null);

  private final AtomicLong clock = new AtomicLong();

  record Request(String method, @Nullable String path) implements RequestInfo {}

  @Test
  void capIsSharedByAllRules() {
    Sampling rules =
        Sampling.rules()
            .when("/health", Sampling.never())
            .when("/api/", Sampling.always())
            .otherwise(Sampling.always());
    Sampling capped = capped(rules, 10);
    assertThat(kept(capped, HEALTH, 100)).as("takes no token").isZero();
    assertThat(kept(capped, API, 6)).isEqualTo(6);
    assertThat(kept(capped, CONNECT, 100)).isEqualTo(4);
    clock.addAndGet(SECOND_NANOS);
    assertThat(kept(capped, API, 100)).isEqualTo(10);
  }

  @Test
  void capsOnlyWhatWouldBeKept() {
    assertThat(kept(capped(Sampling.ratio(0.01), 5000), API, 100_000)).isBetween(800, 1200);
    assertThat(kept(capped(Sampling.ratio(0.01), 100), API, 100_000)).isEqualTo(100);
    assertThat(kept(capped(Sampling.ratio(0), 100), API, 1000)).isZero();
    assertThat(kept(Sampling.always().capped(0), API, 1000)).isZero();
    assertThat(kept(Sampling.rateLimited(0), API, 1000)).isZero();
  }

  @Test
  void followsWhateverComesInSampled_upToTheCap() {
    Sampling never = Sampling.never();
    assertThat(never.follow()).isTrue();
    assertThat(never.keepErrorsAndSlow(SECOND).follow()).isTrue();
    Sampling capped = capped(Sampling.rules().otherwise(never.keepErrorsAndSlow(SECOND)), 2);
    assertThat(capped.forRequest(API).follow()).isTrue();
    assertThat(capped.follow()).isTrue();
    assertThat(capped.follow()).isFalse();
    assertThat(capped.sampleAtEnd(true, 0)).as("one bucket for all").isFalse();
    assertThat(capped.keepErrorsAndSlow(SECOND).follow()).isFalse();
  }

  @Test
  void smallerOfTwoCapsHolds() {
    assertThat(kept(capped(capped(Sampling.always(), 3), 7), API, 100)).isEqualTo(3);
    assertThat(kept(capped(capped(Sampling.always(), 7), 3), API, 100)).isEqualTo(3);
  }

  @Test
  void keepsErrorsAndSlow() {
    Sampling late = Sampling.ratio(0.01).keepErrorsAndSlow(SECOND);
    assertThat(kept(late, API, 100_000)).as("at the start").isBetween(800, 1200);
    assertThat(late.decidesAtEnd()).isTrue();
    assertThat(late.sampleAtEnd(true, 0)).isTrue();
    assertThat(late.sampleAtEnd(true, Long.MIN_VALUE)).isTrue();
    assertThat(late.sampleAtEnd(false, SECOND_NANOS)).isTrue();
    assertThat(late.sampleAtEnd(false, SECOND_NANOS - 1)).isFalse();
    assertThat(late.sampleAtEnd(false, Long.MIN_VALUE)).isFalse();
  }

  @Test
  void keepsNothingLate_unlessAsked() {
    Sampling own = (request, random) -> false;
    for (Sampling sampling :
        new Sampling[] {
          own,
          own.capped(9),
          Sampling.always(),
          Sampling.ratio(0.5),
          Sampling.rateLimited(5),
          Sampling.rules().when("/", own).otherwise(own)
        }) {
      assertThat(sampling.decidesAtEnd()).isFalse();
      assertThat(sampling.sampleAtEnd(true, Long.MAX_VALUE)).isFalse();
      assertThat(sampling.forRequest(API).sampleAtEnd(true, Long.MAX_VALUE)).isFalse();
    }
  }

  @Test
  void capHoldsForLateDecisionsToo() {
    Sampling capped = capped(Sampling.ratio(0.5).keepErrorsAndSlow(SECOND), 10);
    assertThat(capped.decidesAtEnd()).isTrue();
    int kept = kept(capped, API, 12);
    assertThat(kept).isBetween(1, 9);
    for (int i = 0; i < 100; i++) {
      assertThat(capped.sampleAtEnd(false, 0)).isFalse();
      kept += capped.sampleAtEnd(true, 0) ? 1 : 0;
    }
    assertThat(kept).isEqualTo(10);
  }

  @Test
  void lateDecisionOutsideTheCapIsNotCapped() {
    Sampling sampling = capped(Sampling.always(), 1).keepErrorsAndSlow(SECOND);
    assertThat(kept(sampling, API, 100)).isEqualTo(1);
    assertThat(sampling.sampleAtEnd(true, 0)).isTrue();
    assertThat(sampling.sampleAtEnd(true, 0)).isTrue();
  }

  @Test
  void lateDecisionRoundRulesHoldsForEach() {
    Sampling rules =
        Sampling.rules().when("/health", Sampling.never()).otherwise(Sampling.always());
    Sampling late = capped(rules.keepErrorsAndSlow(SECOND), 2);
    assertThat(late.forRequest(HEALTH).sampleAtEnd(true, 0)).isTrue();
    assertThat(late.forRequest(CONNECT).sampleAtEnd(false, SECOND_NANOS)).isTrue();
    assertThat(late.forRequest(CONNECT).sampleAtEnd(true, 0)).as("both tokens are gone").isFalse();
    assertThat(kept(late, CONNECT, 10)).isZero();
  }

  @Test
  void hostsOwnChoicePerRequestIsDecorated() {
    Sampling own =
        new Sampling() {
          @Override
          public boolean sample(RequestInfo request, long random) {
            return true;
          }

          @Override
          public Sampling forRequest(RequestInfo request) {
            return Sampling.always();
          }
        };
    Sampling chosen = capped(own, 1).keepErrorsAndSlow(SECOND).forRequest(API);
    assertThat(kept(chosen, API, 10)).isEqualTo(1);
    assertThat(chosen.sampleAtEnd(true, 0)).isTrue();
    assertThat(chosen).hasToString("Sampling.ratio(1.0).capped(1.0).keepErrorsAndSlow(PT1S)");
  }

  @Test
  void describesItself() {
    assertThat(Sampling.rateLimited(5)).hasToString("Sampling.ratio(1.0).capped(5.0)");
    assertThat(Sampling.ratio(0.5).keepErrorsAndSlow(SECOND).capped(0.5))
        .hasToString("Sampling.ratio(0.5).keepErrorsAndSlow(PT1S).capped(0.5)");
    assertThat(
            Sampling.rules()
                .when("GET", "/health", Sampling.never())
                .when("/api/{id}", Sampling.ratio(0.5))
                .otherwise(Sampling.ratio(0.01))
                .keepErrorsAndSlow(SECOND)
                .capped(5))
        .hasToString(
            "Sampling.rules().when(GET, /health, Sampling.ratio(0.0))"
                + ".when(/api/{id}, Sampling.ratio(0.5)).otherwise(Sampling.ratio(0.01))"
                + ".keepErrorsAndSlow(PT1S).capped(5.0)");
  }

  @Test
  void allocatesNothing() {
    Sampling sampling =
        Sampling.rules()
            .when("GET", "/health", Sampling.never())
            .when("/api/{id}", Sampling.rateLimited(10))
            .otherwise(Sampling.ratio(0.5).keepErrorsAndSlow(SECOND))
            .keepErrorsAndSlow(SECOND)
            .capped(100_000);
    RequestInfo[] requests = {HEALTH, API, CONNECT};
    long bytes =
        Allocation.bytesOf(
            () -> {
              for (RequestInfo request : requests) {
                Sampling chosen = sampling.forRequest(request);
                chosen.sample(request, 1);
                chosen.decidesAtEnd();
                chosen.sampleAtEnd(true, SECOND_NANOS);
                sampling.sample(request, -1);
              }
            });
    assertThat(bytes).isZero();
  }

  @Test
  @SuppressWarnings("NullAway") // the null is what is tested
  void refusesAMissingThreshold() {
    assertThatNullPointerException()
        .isThrownBy(() -> Sampling.always().keepErrorsAndSlow(null))
        .withMessage("threshold");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT-0.000000001S", "PT24H0.000000001S", "P99999999D"})
  void refusesAThresholdOutsideItsRange(Duration threshold) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Sampling.always().keepErrorsAndSlow(threshold))
        .withMessage(
            "sampling threshold: invalid value "
                + threshold
                + "; expected more than PT0S and at most PT24H");
  }

  private Sampling capped(Sampling sampling, double perSecond) {
    return CappedSampling.around(sampling, new TokenBucket(perSecond, clock::get));
  }

  static int kept(Sampling sampling, RequestInfo request, int roots) {
    SplittableRandom random = new SplittableRandom(42);
    int kept = 0;
    for (int i = 0; i < roots; i++) {
      kept += sampling.forRequest(request).sample(request, random.nextLong()) ? 1 : 0;
    }
    return kept;
  }
}
