package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.RequestInfo;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a server span begins with.
 *
 * @param parent what it is a child of
 * @param link what it has a link to, if that is valid
 * @param method the method's number
 * @param nanos when its first byte arrived
 * @param peer the client's end of the connection, if that is known
 */
record ServerStart(
    Context parent,
    SpanContext link,
    RequestInfo request,
    int method,
    long nanos,
    @Nullable SocketAddress peer) {
  /** The same, when the request cannot be read any more. */
  ServerStart kept(CaptureRules capture) {
    RequestInfo snapshot = RequestSnapshot.of(request, capture.requestHeaders().keySet());
    return new ServerStart(parent, link, snapshot, method, nanos, peer);
  }
}
