/**
 * Recorder of telemetry events, and test contracts for back ends and adapters.
 *
 * @since 0.1.0
 */
@NullMarked
package io.github.proxytelemetry.testing;

import org.jspecify.annotations.NullMarked;
