package io.github.proxytelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Runs the contract of back ends on every {@link Tally.Mistake}: each has to fail a case. */
class BackendMistakesTest {
  private static final List<Function<ProxyTelemetryContract, BackendCases>> GROUPS =
      List.of(
          contract -> new FlowCases(contract) {},
          contract -> new FailureCases(contract) {},
          contract -> new EndCases(contract) {},
          contract -> new HostileCases(contract) {},
          contract -> new NullCases(contract) {});

  @TestFactory
  Stream<DynamicTest> noticesEveryMistake() {
    return Stream.of(Tally.Mistake.values())
        .map(
            mistake ->
                DynamicTest.dynamicTest(
                    mistake.name(), () -> assertThat(failures(mistake)).isNotEmpty()));
  }

  @Test
  void noticesNothing_whereNothingIsWrong() throws Exception {
    assertThat(failures()).isEmpty();
  }

  private static Set<String> failures(Tally.Mistake... mistakes) throws Exception {
    Set<String> failures = new TreeSet<>();
    int cases = 0;
    for (var group : GROUPS) {
      for (Method method :
          group.apply(new TallyContract()).getClass().getSuperclass().getDeclaredMethods()) {
        if (method.isAnnotationPresent(Test.class)) {
          cases++;
          try {
            method.invoke(group.apply(new TallyContract(mistakes)));
          } catch (InvocationTargetException failed) {
            failures.add(method.getName());
          }
        }
      }
    }
    assertThat(cases).as("cases that were run").isGreaterThan(20);
    return failures;
  }
}
