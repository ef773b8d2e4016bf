package io.github.proxytelemetry.examples.common;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;

/** Makes an upstream's response fit for the client. */
public final class Responses {
  private Responses() {}

  /** An interim response in one piece, which is how the codecs want it. */
  public static FullHttpResponse whole(HttpResponse interim) {
    return new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1,
        interim.status(),
        Unpooled.EMPTY_BUFFER,
        interim.headers(),
        EmptyHttpHeaders.INSTANCE);
  }

  /**
   * Gives the response an end that the client's version of HTTP can see.
   *
   * @return whether the connection stays open after it, which it does only if it may
   */
  public static boolean frame(HttpResponse response, HttpRequest request, boolean keepAlive) {
    boolean http11 = request.protocolVersion().equals(HttpVersion.HTTP_1_1);
    int status = response.status().code();
    boolean empty = request.method().equals(HttpMethod.HEAD) || status == 204 || status == 304;
    boolean endless = !empty && !HttpUtil.isContentLengthSet(response);
    if (endless) {
      HttpUtil.setTransferEncodingChunked(response, http11);
    }
    boolean stays = keepAlive && (http11 || !endless);
    response.setProtocolVersion(HttpVersion.HTTP_1_1);
    HttpUtil.setKeepAlive(response.headers(), request.protocolVersion(), stays);
    return stays;
  }
}
