package io.github.proxytelemetry.sdk.export;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A start without an agent; with one: {@code host-tests/javaagent}. */
class JavaagentTest {
  @Test
  void warnsOfNothing_withoutAnAgent() {
    SdkSpec spec = new SdkSpec();
    spec.otlp.add(new OtlpSpec("http://127.0.0.1:4317"));
    assertThat(spec.hasTraces()).isTrue();
    assertThat(Javaagent.warnings(spec)).isEmpty();
  }
}
