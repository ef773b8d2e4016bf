package io.github.proxytelemetry.sdk.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
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

  private static final String GRPC_STATUS = "grpc-status";
  private static final String TOO_MUCH = "an answer of more than 4 MiB";
  private static final int CONTENT_TOO_LARGE = 413;
  private static final Pattern TOO_LARGE =
      Pattern.compile(
          "larger(?:%20| )than|too(?:%20| )large|exceeds(?:%20| )(?:the(?:%20|"
              + " ))?(?:configured(?:%20| ))?max");

  private static final int OK = 0;
  private static final int OUT_OF_RANGE = 11;
  private static final int RESOURCE_EXHAUSTED = 8;
  private static final int UNAVAILABLE = 14;

  private OtlpAnswer() {}

  static Outcome ofHttp(Response response) throws IOException {
    int status = response.code();
    if (isTemporary(status)) {
      String delay = response.header(OtlpClient.RETRY_AFTER);
      return Outcome.unavailable(RetryAfter.nanos(delay, Instant.now()), Causes.ofHttp(status));
    }
    if (status == CONTENT_TOO_LARGE) {
      return Outcome.tooLarge(Causes.ofHttp(status));
    }
    // Success needs the whole body, which may report a partial success.
    byte[] body = body(response);
    if (body == null) {
      return Outcome.rejected(TOO_MUCH);
    }
    return response.isSuccessful()
        ? accepted(ByteBuffer.wrap(body))
        : Outcome.rejected(Causes.ofHttp(status));
  }

  static Outcome ofGrpc(Response response) throws IOException {
    if (response.code() != 200 && response.header(GRPC_STATUS) == null) {
      return ofHttpInGrpc(response.code());
    }
    byte[] body = body(response);
    if (body == null) {
      return Outcome.rejected(TOO_MUCH);
    }
    Headers trailers = response.trailers();
    String type = response.header("Content-Type", "");
    if (trailer(response, trailers, GRPC_STATUS) == null && !type.startsWith("application/grpc")) {
      return ofHttpInGrpc(response.code());
    }
    int status = grpcStatus(response, trailers);
    if (status == OK) {
      int start = Math.min(OtlpSender.GRPC_PREFIX, body.length);
      return accepted(ByteBuffer.wrap(body, start, body.length - start).slice());
    }
    String cause = Causes.ofGrpc(status);
    if (isTooLarge(status, trailer(response, trailers, "grpc-message"))) {
      return Outcome.tooLarge(cause + ", the receiver's limit is lower than maxRequestSize");
    }
    long delay = retryDelayNanos(trailer(response, trailers, "grpc-status-details-bin"));
    return switch (status) {
      // CANCELLED, DEADLINE_EXCEEDED, ABORTED, UNAVAILABLE, DATA_LOSS
      case 1, 4, 10, OUT_OF_RANGE, UNAVAILABLE, 15 -> Outcome.unavailable(delay, cause);
      case RESOURCE_EXHAUSTED ->
          delay > 0 ? Outcome.unavailable(delay, cause) : Outcome.rejected(cause);
      default -> Outcome.rejected(cause);
    };
  }

  /**
   * Answer of a proxy or balancer in front of the gRPC server. Those worth a retry are those that
   * gRPC takes for UNAVAILABLE, by "HTTP to gRPC Status Code Mapping" in its documentation.
   */
  private static Outcome ofHttpInGrpc(int status) {
    String cause = Causes.ofHttpInGrpc(status);
    if (status == CONTENT_TOO_LARGE) {
      return Outcome.tooLarge(cause);
    }
    return isTemporary(status) ? Outcome.unavailable(0, cause) : Outcome.rejected(cause);
  }

  /**
   * gRPC has no status for it: Go, Java and C say RESOURCE_EXHAUSTED, Rust OUT_OF_RANGE, and only
   * the text has the reason: "received message larger than max (4800000 vs. 4194304)", "gRPC
   * message exceeds maximum size 4194304: 4800000", "decoded message length too large".
   */
  private static boolean isTooLarge(int status, @Nullable String text) {
    return (status == RESOURCE_EXHAUSTED || status == OUT_OF_RANGE)
        && text != null
        && TOO_LARGE.matcher(text).find();
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
    String status = trailer(response, trailers, GRPC_STATUS);
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
