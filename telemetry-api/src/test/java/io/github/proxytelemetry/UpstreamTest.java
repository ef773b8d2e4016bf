package io.github.proxytelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UpstreamTest {
  @Test
  void keepsItsDestinationToItself() {
    assertThat(Upstream.of("secret.example", 443)).hasToString("upstream");
    assertThat(Upstream.named("users", "10.1.2.3", 8443)).hasToString("upstream users");
  }

  @Test
  void tellsItsPartsWhenAsked() {
    Upstream upstream = Upstream.named("users", "10.1.2.3", 8443);
    assertThat(upstream.name()).isEqualTo("users");
    assertThat(upstream.host()).isEqualTo("10.1.2.3");
    assertThat(upstream.port()).isEqualTo(8443);
    assertThat(Upstream.of("h", 1).name()).isNull();
  }
}
