/**
 * API between adapters, which report the events of a proxy, and back ends, which record them as
 * metrics and spans. Start at {@link io.github.proxytelemetry.ProxyTelemetry}.
 *
 * <p>The package depends on neither side, and the two do not depend on each other.
 *
 * @since 0.1.0
 */
@NullMarked
package io.github.proxytelemetry;

import org.jspecify.annotations.NullMarked;
