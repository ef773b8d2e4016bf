package io.github.proxytelemetry.otel.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.Headers;
import io.github.proxytelemetry.otel.Request;
import org.junit.jupiter.api.Test;

class UrlPathTest {
  @Test
  void writesUrlsAsTheRfcSays() {
    assertThat(url("origin.test", 443, "/a?token=secret#f")).isEqualTo("https://origin.test/a");
    assertThat(url("origin.test", 80, "/")).isEqualTo("https://origin.test:80/");
    assertThat(url("::1", 8443, "/a")).isEqualTo("https://[::1]:8443/a");
  }

  private static String url(String host, int port, String path) {
    return String.valueOf(
        UrlPath.full(Upstream.named("o", host, port), new Request("GET", path, new Headers())));
  }
}
