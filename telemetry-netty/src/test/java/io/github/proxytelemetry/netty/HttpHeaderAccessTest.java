package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.ReadOnlyHttpHeaders;
import org.junit.jupiter.api.Test;

class HttpHeaderAccessTest {
  private final HttpHeaderAccess access = new HttpHeaderAccess();

  @Test
  void takesEveryLineOfAHeaderAway_andNoOther() {
    HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
    request.headers().add("TraceParent", "1").add("traceparent", "2").add("x-kept", "3");
    access.open();
    access.remove(request, "traceparent");
    access.remove(request, "tracestate");
    access.close();
    assertThat(access.takeMessage(request)).isSameAs(request);
    assertThat(request.headers().names()).containsExactly("x-kept");
  }

  @Test
  void copiesHeadersThatAreReadOnly_onlyWhereItHasTo() {
    HttpHeaders readOnly = new ReadOnlyHttpHeaders(false, "traceparent", "1", "x-kept", "2");
    HttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.GET,
            "/",
            Unpooled.EMPTY_BUFFER,
            readOnly,
            new ReadOnlyHttpHeaders(false));
    access.open();
    access.remove(request, "tracestate");
    access.close();
    assertThat(access.takeMessage(request)).isSameAs(request);
    access.open();
    access.remove(request, "traceparent");
    access.close();
    HttpMessage copy = (HttpMessage) access.takeMessage(request);
    assertThat(copy.headers().names()).containsExactly("x-kept");
    assertThat(request.headers().contains("traceparent")).isTrue();
  }
}
