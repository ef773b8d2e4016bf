package io.github.proxytelemetry.docs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestSourcesTest {
  private final TestSources sources = new TestSources();

  @BeforeEach
  void addSources() {
    sources.add(
        "OneTest",
        """
        class OneTest {
          @Test
          void first() {}

          @ParameterizedTest
          @ValueSource(
              strings = {
                "a"
              })
          void second(String given) {
            helper();
          }

          @TestFactory
          Stream<DynamicTest> third() {}

          @Test
          @Disabled("later")
          void disabled() {}

          private static void helper() {}

          @Nested
          class Inner {
            @Test
            void inner() {}
          }
        }
        """);
    sources.add("TwoTest", "class TwoTest {}\n");
    sources.add("TwoTest", "class TwoTest {\n  @Test\n  void here() {}\n}\n");
    sources.add(
        "OffTest", "@Disabled\n@Tag(\"x\")\nfinal class OffTest {\n  @Test\n  void a() {}\n}\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OneTest#first",
        "OneTest#second",
        "OneTest#third",
        "OneTest#inner",
        "TwoTest#here"
      })
  void takesATest(String proof) {
    assertThat(sources.fault(proof)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "OneTest#helper,    is no test",
    "OneTest#fourth,    is declared nowhere",
    "OneTest#disabled,  is disabled",
    "OffTest#a,         is disabled",
    "ThreeTest#first,   is in no class of the tests",
    "OneTest,           is not of the form TestClass#method",
    "OneTest.first,     is not of the form TestClass#method"
  })
  void refusesWhatIsNone(String proof, String fault) {
    assertThat(sources.fault(proof)).isEqualTo(fault);
  }

  @Test
  void refusesACall() {
    sources.add("CallTest", "class CallTest {\n  @Test\n  void a() {\n    b();\n  }\n}\n");
    assertThat(sources.fault("CallTest#b")).isEqualTo("is declared nowhere");
  }
}
