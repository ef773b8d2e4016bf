package io.github.proxytelemetry.sdk.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import okhttp3.Headers;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * Reader of a collector's response. The OTLP specification lists those worth a retry, for HTTP
 * under "Retryable Response Codes" and for gRPC under "Failures".
 */
final class OtlpAnswer {
  /** The specification's limit, after decompression. */
  private static final int MAX_BODY = 4 * 1024 * 1024;

  private static final int OK = 0;
  private static final int RESOURCE_EXHAUSTED = 8;
  private static final int UNAVAILABLE = 14;

  private OtlpAnswer() {}

  static Outcome ofHttp(Response response) throws IOException {
    int status = response.code();
    if (isTemporary(status)) {
      return Outcome.unavailable(RetryAfter.nanos(response.header("Retry-After"), Instant.now()));
    }
    // Success needs the whole body, which may report a partial success.
    byte[] body = body(response);
    return response.isSuccessful() && body != null
        ? accepted(ByteBuffer.wrap(body))
        : Outcome.REJECTED;
  }

  static Outcome ofGrpc(Response response) throws IOException {
    if (response.code() != 200) {
      // From a proxy or balancer in front of the gRPC server.
      return isTemporary(response.code()) ? Outcome.UNAVAILABLE : Outcome.REJECTED;
    }
    byte[] body = body(response);
    if (body == null) {
      return Outcome.REJECTED;
    }
    Headers trailers = response.trailers();
    int status = grpcStatus(response, trailers);
    if (status == OK) {
      int start = Math.min(OtlpSender.GRPC_PREFIX, body.length);
      return accepted(ByteBuffer.wrap(body, start, body.length - start).slice());
    }
    long delay = retryDelayNanos(trailer(response, trailers, "grpc-status-details-bin"));
    return switch (status) {
      // CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS
      case 1, 4, 10, 11, UNAVAILABLE, 15 -> Outcome.unavailable(delay);
      case RESOURCE_EXHAUSTED -> delay > 0 ? Outcome.unavailable(delay) : Outcome.REJECTED;
      default -> Outcome.REJECTED;
    };
  }

  /** {@code partial_success} and in it {@code rejected_spans} or {@code rejected_data_points}. */
  private static Outcome accepted(ByteBuffer message) {
    return Outcome.delivered(Math.max(0, ProtoFields.number(ProtoFields.message(message, 1), 1)));
  }

  private static boolean isTemporary(int httpStatus) {
    return httpStatus == 429 || httpStatus == 502 || httpStatus == 503 || httpStatus == 504;
  }

  /** Reads to the end; {@code null} if the body exceeds the limit. */
  private static byte @Nullable [] body(Response response) throws IOException {
    BufferedSource source = response.body().source();
    return source.request(MAX_BODY + 1L) ? null : source.readByteArray();
  }

  private static int grpcStatus(Response response, Headers trailers) {
    String status = trailer(response, trailers, "grpc-status");
    try {
      return status == null ? UNAVAILABLE : Integer.parseInt(status);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** A response without a message has its trailers in the headers. */
  private static @Nullable String trailer(Response response, Headers trailers, String name) {
    String value = trailers.get(name);
    return value == null ? response.header(name) : value;
  }

  /**
   * {@code google.rpc.Status}, whose details may hold a {@code google.rpc.RetryInfo}: a duration.
   */
  private static long retryDelayNanos(@Nullable String details) {
    if (details == null) {
      return 0;
    }
    try {
      ByteBuffer status = ByteBuffer.wrap(Base64.getDecoder().decode(details));
      ByteBuffer info = ProtoFields.message(ProtoFields.message(status, 3), 2);
      ByteBuffer delay = ProtoFields.message(info, 1);
      long seconds = Math.max(0, ProtoFields.number(delay, 1));
      return TimeUnit.SECONDS.toNanos(Math.min(seconds, 1_000_000))
          + Math.max(0, Math.min(ProtoFields.number(delay, 2), 999_999_999));
    } catch (IllegalArgumentException e) {
      return 0;
    }
  }
}
