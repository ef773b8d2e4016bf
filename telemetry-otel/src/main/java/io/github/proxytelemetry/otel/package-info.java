/**
 * Turns the events of a proxy into OpenTelemetry spans and metrics.
 *
 * @since 0.1.0
 */
@NullMarked
package io.github.proxytelemetry.otel;

import org.jspecify.annotations.NullMarked;
