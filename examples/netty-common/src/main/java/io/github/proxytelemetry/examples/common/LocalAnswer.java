package io.github.proxytelemetry.examples.common;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/** Responses of the proxy itself. */
public final class LocalAnswer {
  private static final HttpResponseStatus ESTABLISHED =
      new HttpResponseStatus(200, "Connection established");

  private LocalAnswer() {}

  /** An answer with the status as its text. */
  public static FullHttpResponse of(HttpResponseStatus status) {
    ByteBuf text = Unpooled.copiedBuffer(status + "\n", StandardCharsets.US_ASCII);
    FullHttpResponse answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, text);
    answer
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_PLAIN)
        .set(HttpHeaderNames.CONTENT_LENGTH, text.readableBytes());
    return answer;
  }

  /** The answer to a CONNECT; the tunnel follows. */
  public static FullHttpResponse established() {
    return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, ESTABLISHED, Unpooled.EMPTY_BUFFER);
  }
}
