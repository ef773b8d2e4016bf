package io.github.proxytelemetry;

import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Strategy of the first rule that matches. */
final class RuleSampling implements Sampling {
  private final Rule[] rules;
  private final Sampling otherwise;
  private final String description;

  RuleSampling(List<Rule> rules, Sampling otherwise) {
    this(rules.toArray(new Rule[0]), otherwise, describe(rules, otherwise));
  }

  private RuleSampling(Rule[] rules, Sampling otherwise, String description) {
    this.rules = rules;
    this.otherwise = otherwise;
    this.description = description;
  }

  /** Returns these rules with each strategy replaced. */
  RuleSampling each(UnaryOperator<Sampling> change, String suffix) {
    Rule[] changed = new Rule[rules.length];
    for (int i = 0; i < rules.length; i++) {
      Rule rule = rules[i];
      changed[i] = new Rule(rule.method, rule.path, change.apply(rule.sampling));
    }
    return new RuleSampling(changed, change.apply(otherwise), description + suffix);
  }

  @Override
  public boolean sample(RequestInfo request, long random) {
    return first(request).sample(request, random);
  }

  /** As {@link #sampleAtEnd}. */
  @Override
  public boolean follow() {
    return otherwise.follow();
  }

  @Override
  public Sampling forRequest(RequestInfo request) {
    return first(request).forRequest(request);
  }

  @Override
  public boolean decidesAtEnd() {
    for (Rule rule : rules) {
      if (rule.sampling.decidesAtEnd()) {
        return true;
      }
    }
    return otherwise.decidesAtEnd();
  }

  /** Called without {@link #forRequest}, so the rule is unknown: uses the last strategy. */
  @Override
  public boolean sampleAtEnd(boolean failed, long durationNanos) {
    return otherwise.sampleAtEnd(failed, durationNanos);
  }

  @Override
  public String toString() {
    return description;
  }

  private Sampling first(RequestInfo request) {
    String method = request.method();
    String path = request.path();
    for (Rule rule : rules) {
      if (rule.matches(method, path)) {
        return rule.sampling;
      }
    }
    return otherwise;
  }

  private static String describe(List<Rule> rules, Sampling otherwise) {
    StringBuilder text = new StringBuilder("Sampling.rules()");
    for (Rule rule : rules) {
      text.append(".when(");
      if (rule.method != null) {
        text.append(rule.method).append(", ");
      }
      text.append(rule.path).append(", ").append(rule.sampling).append(')');
    }
    return text.append(".otherwise(").append(otherwise).append(')').toString();
  }

  /** Rule for a path and, unless {@code null}, a method. */
  record Rule(@Nullable String method, PathTemplate path, Sampling sampling) {
    boolean matches(String requestMethod, @Nullable String requestPath) {
      return (method == null || method.equals(requestMethod)) && path.matches(requestPath);
    }
  }
}
