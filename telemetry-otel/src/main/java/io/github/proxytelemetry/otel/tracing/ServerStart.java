package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.RequestInfo;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Data that a server span is started with, kept until its exchange has ended.
 *
 * @param link the linked context, if valid
 * @param request a copy that outlives the request
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
    @Nullable SocketAddress peer) {}
