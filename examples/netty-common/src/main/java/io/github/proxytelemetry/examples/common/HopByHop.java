package io.github.proxytelemetry.examples.common;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpUtil;
import java.util.List;

/** Takes away what is meant for one connection only (RFC 9110, section 7.6.1). */
public final class HopByHop {
  private static final List<CharSequence> NAMES =
      List.of(
          HttpHeaderNames.CONNECTION,
          "proxy-connection",
          HttpHeaderNames.PROXY_AUTHENTICATE,
          HttpHeaderNames.PROXY_AUTHORIZATION,
          HttpHeaderNames.TE,
          HttpHeaderNames.TRANSFER_ENCODING,
          HttpHeaderNames.UPGRADE,
          "keep-alive");

  private HopByHop() {}

  /** Removes the headers of one hop; the message keeps its framing. */
  public static void remove(HttpMessage message) {
    HttpHeaders headers = message.headers();
    boolean chunked = HttpUtil.isTransferEncodingChunked(message);
    // A sender may name Content-Length in Connection; the body must not lose its end by that.
    String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
    for (String value : headers.getAll(HttpHeaderNames.CONNECTION)) {
      for (String name : value.split(",", -1)) {
        if (!name.isBlank()) {
          headers.remove(name.strip());
        }
      }
    }
    NAMES.forEach(headers::remove);
    if (chunked) {
      HttpUtil.setTransferEncodingChunked(message, true);
    } else if (length != null) {
      headers.set(HttpHeaderNames.CONTENT_LENGTH, length);
    }
  }
}
