package io.github.proxytelemetry.otel.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributesBuilder;

/** Attribute {@code rpc.grpc.status_code} of the conventions. */
final class RpcStatus {
  private static final AttributeKey<Long> GRPC_STATUS_CODE =
      AttributeKey.longKey("rpc.grpc.status_code");

  private RpcStatus() {}

  /** Adds the code, unless it is negative: no gRPC response, or one without a status. */
  static void put(AttributesBuilder attributes, int code) {
    if (code >= 0) {
      attributes.put(GRPC_STATUS_CODE, (long) code);
    }
  }
}
