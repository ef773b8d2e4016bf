/** Spans, sampling and propagation of trace contexts. */
@NullMarked
package io.github.proxytelemetry.otel.tracing;

import org.jspecify.annotations.NullMarked;
