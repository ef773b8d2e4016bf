package io.github.proxytelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeaderAccessTest {
  @Test
  void comparesTheBeginningOfTheFirstValue() {
    FakeHeaders headers = new FakeHeaders();
    headers.add("Content-Type", "Application/gRPC+proto");
    headers.add("Content-Type", "text/html");
    assertThat(startsWith(headers, "application/grpc")).isTrue();
    assertThat(startsWith(headers, "")).isTrue();
    assertThat(startsWith(headers, "application/grpc-web")).isFalse();
    assertThat(startsWith(headers, "application/grpc+proto+x")).isFalse();
    assertThat(startsWith(headers, "text/html")).isFalse();
    assertThat(startsWith(new FakeHeaders(), "")).isFalse();
  }

  private static boolean startsWith(FakeHeaders headers, String prefix) {
    return FakeHeaders.ACCESS.startsWith(headers, "content-type", prefix);
  }
}
