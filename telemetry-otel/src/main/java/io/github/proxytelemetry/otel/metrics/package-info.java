/** The catalogue of instruments, their labels, and what the telemetry counts of itself. */
@NullMarked
package io.github.proxytelemetry.otel.metrics;

import org.jspecify.annotations.NullMarked;
