/** Turns the events of a proxy into OpenTelemetry spans and metrics. */
@NullMarked
package io.github.proxytelemetry.otel;

import org.jspecify.annotations.NullMarked;
