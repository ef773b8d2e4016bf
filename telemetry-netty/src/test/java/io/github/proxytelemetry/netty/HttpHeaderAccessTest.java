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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HttpHeaderAccessTest {
  private final Access access = new Access();

  @Test
  void takesEveryLineOfAHeaderAway_andNoOther() {
    HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
    request.headers().add("TraceParent", "1").add("traceparent", "2").add("x-kept", "3");
    access.open = true;
    access.remove(request, "traceparent");
    access.remove(request, "tracestate");
    access.open = false;
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
    access.open = true;
    access.remove(request, "tracestate");
    access.open = false;
    assertThat(access.takeMessage(request)).isSameAs(request);
    access.open = true;
    access.remove(request, "traceparent");
    access.open = false;
    HttpMessage copy = (HttpMessage) access.takeMessage(request);
    assertThat(copy.headers().names()).containsExactly("x-kept");
    assertThat(request.headers().contains("traceparent")).isTrue();
  }

  private static final class Access implements HttpHeaderAccess {
    private boolean open;
    private boolean timingAdded;
    private @Nullable HttpMessage copy;

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public @Nullable HttpMessage copy() {
      return copy;
    }

    @Override
    public void setCopy(@Nullable HttpMessage message) {
      copy = message;
    }

    @Override
    public boolean isTimingAdded() {
      return timingAdded;
    }

    @Override
    public void setTimingAdded(boolean added) {
      timingAdded = added;
    }
  }
}
