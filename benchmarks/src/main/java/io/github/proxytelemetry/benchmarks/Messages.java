package io.github.proxytelemetry.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/** Messages that are built once and used again and again, so that telemetry is what is measured. */
final class Messages {
  private static final int BODY = 64;

  static FullHttpRequest request() {
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.GET, "/users/7?full=1", Unpooled.EMPTY_BUFFER);
    request.headers().set(HttpHeaderNames.HOST, "proxy.test");
    request.headers().set(HttpHeaderNames.USER_AGENT, "benchmark/1");
    request.headers().set(HttpHeaderNames.ACCEPT, "*/*");
    return request;
  }

  static FullHttpResponse response() {
    // Releasing it does nothing, so it serves every request.
    ByteBuf body = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(new byte[BODY]));
    FullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/octet-stream");
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, BODY);
    return response;
  }

  /** The answer to {@code CONNECT}. */
  static FullHttpResponse established() {
    return new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.EMPTY_BUFFER);
  }

  private Messages() {}
}
