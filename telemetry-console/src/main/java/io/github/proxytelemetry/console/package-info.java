/** A live page of a proxy's telemetry, for a browser. */
@NullMarked
package io.github.proxytelemetry.console;

import org.jspecify.annotations.NullMarked;
