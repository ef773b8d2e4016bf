package io.github.proxytelemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Collects the rules of a {@link Sampling} per method and path. The first rule that matches
 * decides, so the order counts.
 *
 * <pre>{@code
 * Sampling.rules()
 *     .when("GET", "/health", Sampling.never())
 *     .when("/api/{id}", Sampling.ratio(0.5))
 *     .otherwise(Sampling.ratio(0.01))
 * }</pre>
 *
 * <p>A request without a path, such as {@code CONNECT}, matches no rule and is left to {@link
 * #otherwise}. Not thread-safe; what {@link #otherwise} returns is, and does not change when rules
 * are added here afterwards.
 */
public final class SamplingRules {
  private final List<RuleSampling.Rule> rules = new ArrayList<>();

  SamplingRules() {}

  /**
   * Adds a rule for one method. Methods are case-sensitive (RFC 9110, section 9.1).
   *
   * @param method the method as it stands on the wire, such as {@code GET}
   * @param path a {@link PathTemplate}
   * @param sampling what decides about such a request
   * @return this
   * @throws IllegalArgumentException if the method is not in upper case, or the path no template
   */
  public SamplingRules when(String method, String path, Sampling sampling) {
    Objects.requireNonNull(method, "method");
    // A method in lower case is legal, and nearly always a rule that would quietly never match.
    if (method.isEmpty() || !method.chars().allMatch(SamplingRules::isMethodChar)) {
      throw new IllegalArgumentException(
          "sampling rule method: was \""
              + method
              + "\", allowed are upper-case letters, digits, - and _, such as GET");
    }
    rules.add(rule(method, path, sampling));
    return this;
  }

  /**
   * Adds a rule for every method.
   *
   * @param path a {@link PathTemplate}
   * @param sampling what decides about such a request
   * @return this
   * @throws IllegalArgumentException if the path is no template
   */
  public SamplingRules when(String path, Sampling sampling) {
    rules.add(rule(null, path, sampling));
    return this;
  }

  /**
   * Ends the list.
   *
   * @param sampling what decides about a request that no rule matches
   * @return the sampling by these rules, immutable and thread-safe
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
