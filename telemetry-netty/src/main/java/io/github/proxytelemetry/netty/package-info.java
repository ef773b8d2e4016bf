/**
 * Proxy Telemetry for Netty: handlers that report the traffic of an HTTP proxy.
 *
 * @since 0.1.0
 */
@NullMarked
package io.github.proxytelemetry.netty;

import org.jspecify.annotations.NullMarked;
