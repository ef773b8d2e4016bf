package io.github.proxytelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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

  @Test
  void joinsTheHostsThatItBalancesAmong() {
    List<Upstream> origins =
        Upstream.balanced(List.of(Upstream.of("a.test", 8080), Upstream.of("b.test", 8081)));
    assertThat(origins).extracting(Upstream::name).containsOnly("a.test_b.test");
    assertThat(origins).extracting(Upstream::host).containsExactly("a.test", "b.test");
    assertThat(origins).extracting(Upstream::port).containsExactly(8080, 8081);
    assertThat(Upstream.balanced(List.of(Upstream.of("a.test", 80))).get(0).name())
        .isEqualTo("a.test");
    assertThat(Upstream.balanced(List.of())).isEmpty();
  }
}
