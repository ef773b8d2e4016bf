package io.github.proxytelemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Builder of a {@link Sampling} by rules per method and path. The first matching rule applies, so
 * their order matters.
 *
 * <pre>{@code
 * Sampling.rules()
 *     .when("GET", "/health", Sampling.never())
 *     .when("/api/{id}", Sampling.ratio(0.5))
 *     .otherwise(Sampling.ratio(0.01))
 * }</pre>
 *
 * <p>A request without a path, such as {@code CONNECT}, matches no rule: {@link #otherwise}
 * applies. Not thread-safe. The strategy that {@link #otherwise} returns is immutable; rules added
 * later do not change it.
 */
public final class SamplingRules {
  private final List<RuleSampling.Rule> rules = new ArrayList<>();

  SamplingRules() {}

  /**
   * Adds a rule for one method. Methods are case-sensitive (RFC 9110, section 9.1).
   *
   * @param method the method, such as {@code GET}
   * @param path a {@link PathTemplate}
   * @param sampling the strategy for matching requests
   * @return this
   * @throws IllegalArgumentException if the method is not in upper case, or the path is not a
   *     template
   */
  public SamplingRules when(String method, String path, Sampling sampling) {
    Objects.requireNonNull(method, "method");
    // A method in lower case is legal, but almost certainly a rule that would never match.
    if (method.isEmpty() || !method.chars().allMatch(SamplingRules::isMethodChar)) {
      throw new IllegalArgumentException(
          "sampling rule method: invalid value \""
              + method
              + "\"; expected upper-case letters, digits, - and _, such as GET");
    }
    rules.add(rule(method, path, sampling));
    return this;
  }

  /**
   * Adds a rule for every method.
   *
   * @param path a {@link PathTemplate}
   * @param sampling the strategy for matching requests
   * @return this
   * @throws IllegalArgumentException if the path is not a template
   */
  public SamplingRules when(String path, Sampling sampling) {
    rules.add(rule(null, path, sampling));
    return this;
  }

  /**
   * Builds the strategy.
   *
   * @param sampling the strategy for requests that no rule matches
   * @return the strategy of these rules, immutable and thread-safe
   */
  public Sampling otherwise(Sampling sampling) {
    return new RuleSampling(rules, Objects.requireNonNull(sampling, "sampling"));
  }

  private static RuleSampling.Rule rule(@Nullable String method, String path, Sampling sampling) {
    return new RuleSampling.Rule(
        method, PathTemplate.of(path), Objects.requireNonNull(sampling, "sampling"));
  }

  private static boolean isMethodChar(int c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  }
}
