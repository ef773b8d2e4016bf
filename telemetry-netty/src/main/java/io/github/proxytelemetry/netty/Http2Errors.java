package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.ProxyError;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.StreamBufferingEncoder;
import org.jspecify.annotations.Nullable;

/** Classification of HTTP/2 errors; needs the codec for HTTP/2 on the class path. */
final class Http2Errors {
  /** Error of an exception of the codec; {@code null} for other exceptions. */
  static @Nullable ProxyError classify(Throwable failure) {
    if (failure instanceof StreamBufferingEncoder.Http2GoAwayException) {
      // The stream was never sent, so the request may be retried elsewhere.
      return ProxyError.DESTINATION_UNAVAILABLE;
    }
    if (failure instanceof Http2Exception connection) {
      return ofCode(connection.error().code(), false);
    }
    return failure instanceof Http2FrameStreamException stream
        ? ofCode(stream.error().code(), false)
        : null;
  }

  /**
   * Error of an upstream's error code (RFC 9113, section 7). A refused stream was not processed at
   * all, so its request may be retried (section 8.7).
   *
   * @param responding whether the response had started
   */
  static ProxyError ofCode(long code, boolean responding) {
    Http2Error error = Http2Error.valueOf(code);
    if (error == null) {
      return ofIncomplete(responding);
    }
    return switch (error) {
      case REFUSED_STREAM -> ProxyError.DESTINATION_UNAVAILABLE;
      case PROTOCOL_ERROR,
          FLOW_CONTROL_ERROR,
          STREAM_CLOSED,
          FRAME_SIZE_ERROR,
          COMPRESSION_ERROR,
          HTTP_1_1_REQUIRED ->
          ProxyError.HTTP_PROTOCOL_ERROR;
      default -> ofIncomplete(responding);
    };
  }

  /** Error of a response that ended early for an unknown reason. */
  static ProxyError ofIncomplete(boolean responding) {
    return responding ? ProxyError.HTTP_RESPONSE_INCOMPLETE : ProxyError.CONNECTION_TERMINATED;
  }

  private Http2Errors() {}
}
