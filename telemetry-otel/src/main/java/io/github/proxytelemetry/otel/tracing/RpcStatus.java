package io.github.proxytelemetry.otel.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;

/** Attribute {@code rpc.grpc.status_code} of the conventions. */
final class RpcStatus {
  private static final AttributeKey<Long> GRPC_STATUS_CODE =
      AttributeKey.longKey("rpc.grpc.status_code");

  private RpcStatus() {}

  /** Sets the code, unless it is negative: no gRPC response, or one without a status. */
  static void set(Span span, int code) {
    if (code >= 0) {
      span.setAttribute(GRPC_STATUS_CODE, (long) code);
    }
  }
}
