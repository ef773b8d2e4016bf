package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

class NettyVersionTest {
  /** Guards the second run of the tests against using the first Netty again. */
  @Test
  @EnabledIfSystemProperty(named = "expected.netty", matches = ".+")
  void runsWithTheNettyThatTheBuildNames() {
    assertThat(Version.identify().values())
        .extracting(Version::artifactVersion)
        .isNotEmpty()
        .containsOnly(System.getProperty("expected.netty"));
  }
}
