/**
 * What a proxy does, told as events. Start at {@link io.github.proxytelemetry.ProxyTelemetry}.
 *
 * <p>An adapter for a network library tells these events; a back end turns them into metrics and
 * spans. Neither sees the other, and this package depends on neither.
 */
@NullMarked
package io.github.proxytelemetry;

import org.jspecify.annotations.NullMarked;
