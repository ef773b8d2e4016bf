/** Recorder of telemetry events, and test contracts for back ends and adapters. */
@NullMarked
package io.github.proxytelemetry.testing;

import org.jspecify.annotations.NullMarked;
