package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.RequestInfo;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Data that a server span is started with.
 *
 * @param link the linked context, if valid
 * @param method the method's number
 * @param nanos the time of the first byte
 * @param peer the client's address, if captured
 */
record ServerStart(
    Context parent,
    SpanContext link,
    RequestInfo request,
    int method,
    long nanos,
    @Nullable SocketAddress peer) {
  /** A copy that outlives the request. */
  ServerStart kept(CaptureRules capture) {
    RequestInfo snapshot = RequestSnapshot.of(request, capture.requestHeaders().keySet());
    return new ServerStart(parent, link, snapshot, method, nanos, peer);
  }
}
