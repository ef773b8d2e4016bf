package io.github.proxytelemetry;

import static io.github.proxytelemetry.SamplingCompositionTest.API;
import static io.github.proxytelemetry.SamplingCompositionTest.CONNECT;
import static io.github.proxytelemetry.SamplingCompositionTest.HEALTH;
import static io.github.proxytelemetry.SamplingCompositionTest.kept;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.proxytelemetry.SamplingCompositionTest.Request;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplingRulesTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

  @Test
  void firstRuleThatMatchesDecides() {
    Sampling rules =
        Sampling.rules()
            .when("GET", "/health", Sampling.never())
            .when("/health", Sampling.always())
            .when("/api/{id}", Sampling.always())
            .when("/api/", Sampling.never())
            .otherwise(Sampling.never());
    assertThat(kept(rules, HEALTH, 100)).isZero();
    assertThat(kept(rules, new Request("HEAD", "/health"), 100)).isEqualTo(100);
    assertThat(kept(rules, new Request("get", "/health"), 100)).isEqualTo(100);
    assertThat(kept(rules, API, 100)).isEqualTo(100);
    assertThat(kept(rules, new Request("GET", "/api/7/8"), 100)).isZero();
    assertThat(kept(rules, CONNECT, 100)).isZero();
  }

  @Test
  void requestsThatNoRuleMatches_areLeftToTheLastOne() {
    Sampling rules = Sampling.rules().when("/", Sampling.never()).otherwise(Sampling.always());
    assertThat(kept(rules, CONNECT, 10)).isEqualTo(10);
    assertThat(kept(rules, new Request("OPTIONS", "*"), 10)).isEqualTo(10);
    assertThat(kept(rules, API, 10)).isZero();
  }

  @Test
  void rulesKeepTheirShares() {
    Sampling rules =
        Sampling.rules()
            .when("/api/{id}", Sampling.ratio(0.5))
            .when("/all", Sampling.ratio(1.0))
            .when("/none", Sampling.ratio(0.0))
            .otherwise(Sampling.ratio(0.01));
    assertThat(kept(rules, API, 100_000)).isBetween(49_000, 51_000);
    assertThat(kept(rules, new Request("GET", "/all"), 100_000)).isEqualTo(100_000);
    assertThat(kept(rules, new Request("GET", "/none"), 100_000)).isZero();
    assertThat(kept(rules, CONNECT, 100_000)).isBetween(800, 1200);
  }

  @Test
  void rulesDoNotChangeOnceBuilt() {
    SamplingRules builder = Sampling.rules();
    Sampling before = builder.otherwise(Sampling.never());
    Sampling after = builder.when("/", Sampling.always()).otherwise(Sampling.never());
    assertThat(kept(before, API, 10)).isZero();
    assertThat(kept(after, API, 10)).isEqualTo(10);
  }

  @Test
  void rulesMayNest() {
    Sampling inner =
        Sampling.rules().when("POST", "/", Sampling.always()).otherwise(Sampling.never());
    Sampling outer = Sampling.rules().when("/api/", inner).otherwise(Sampling.never());
    assertThat(kept(outer, API, 10)).isEqualTo(10);
    assertThat(kept(outer, new Request("GET", "/api/7"), 10)).isZero();
    assertThat(outer.forRequest(API)).isSameAs(Sampling.always());
    assertThat(outer.capped(3).forRequest(API)).hasToString("Sampling.ratio(1.0).capped(3.0)");
  }

  @Test
  void eachRuleHasItsOwnLateDecision() {
    Sampling rules =
        Sampling.rules()
            .when("/health", Sampling.never())
            .when("/api/", Sampling.never().keepErrorsAndSlow(SECOND))
            .otherwise(Sampling.never().keepErrorsAndSlow(SECOND.dividedBy(2)));
    for (Sampling sampling : new Sampling[] {rules, rules.capped(1000)}) {
      assertThat(sampling.decidesAtEnd()).isTrue();
      assertThat(sampling.forRequest(HEALTH).decidesAtEnd()).isFalse();
      assertThat(sampling.forRequest(HEALTH).sampleAtEnd(true, SECOND_NANOS)).isFalse();
      assertThat(sampling.forRequest(API).sampleAtEnd(false, SECOND_NANOS)).isTrue();
      assertThat(sampling.forRequest(API).sampleAtEnd(false, SECOND_NANOS - 1)).isFalse();
      assertThat(sampling.forRequest(CONNECT).sampleAtEnd(false, SECOND_NANOS / 2)).isTrue();
      assertThat(sampling.sampleAtEnd(false, SECOND_NANOS / 2)).as("the last rule's").isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "get", "GET ", "GET\r\n", "*", "G\u00c4T"})
  void refusesAMethodThatWouldNeverMatch(String method) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Sampling.rules().when(method, "/", Sampling.never()))
        .withMessage(
            "sampling rule method: invalid value \""
                + method
                + "\"; expected upper-case letters, digits, - and _, such as GET");
  }

  @Test
  @SuppressWarnings("NullAway") // the nulls are what is tested
  void refusesWhatIsMissing_whereItIsConfigured() {
    SamplingRules rules = Sampling.rules();
    assertThatNullPointerException()
        .isThrownBy(() -> rules.when(null, "/", Sampling.never()))
        .withMessage("method");
    assertThatNullPointerException()
        .isThrownBy(() -> rules.when("/", null))
        .withMessage("sampling");
    assertThatNullPointerException()
        .isThrownBy(() -> rules.otherwise(null))
        .withMessage("sampling");
    assertThatIllegalArgumentException().isThrownBy(() -> rules.when("health", Sampling.never()));
  }
}
