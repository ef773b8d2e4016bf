package io.github.proxytelemetry.hosts.backend;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Condition that leaves the other cases of the contract to the adapters' own modules. */
final class OnlyHostileOrigins implements ExecutionCondition {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Class<?> cases = context.getRequiredTestClass();
    return !cases.isMemberClass() || cases.getSimpleName().equals("HostileOrigins")
        ? ConditionEvaluationResult.enabled("hostile origins")
        : ConditionEvaluationResult.disabled("another case of the contract");
  }
}
