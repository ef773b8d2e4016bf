package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestViewTest {
  @ParameterizedTest
  @CsvSource({
    "GET, /a?b=c, false, /a?b=c, http",
    "GET, /a, true, /a, https",
    "GET, http://user:pw@host/path?q, true, /path?q, http",
    "GET, HTTPS://host, false, /, https",
    "GET, http://host?q, false, /?q, http",
    "OPTIONS, *, false, , http",
    "CONNECT, host:443, false, , http",
    "GET, host:443, false, , http",
  })
  void showsNoAuthority(String method, String target, boolean tls, String path, String scheme) {
    HttpRequest request =
        new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), target);
    RequestView view = new ViewedRequest(request, tls);
    assertThat(view.method()).isEqualTo(method);
    assertThat(view.path()).isEqualTo(path);
    assertThat(view.scheme()).isEqualTo(scheme);
    assertThat(view.protocolVersion()).isEqualTo("1.1");
  }

  @Test
  void showsEveryValueOfAHeader() {
    HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_0, HttpMethod.GET, "/");
    request.headers().add("traceparent", "a").add("Traceparent", "b");
    RequestView view = new ViewedRequest(request, false);
    assertThat(view.header("TraceParent")).isEqualTo("a");
    assertThat(view.headers("traceparent")).containsExactly("a", "b");
    assertThat(view.headers("absent")).isEmpty();
    assertThat(view.protocolVersion()).isEqualTo("1.0");
  }
}
