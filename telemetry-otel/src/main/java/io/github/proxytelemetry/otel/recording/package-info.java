/** Observations: events in, numbers and spans out. */
@NullMarked
package io.github.proxytelemetry.otel.recording;

import org.jspecify.annotations.NullMarked;
