/** Proxy Telemetry for Netty: handlers that report the traffic of an HTTP proxy. */
@NullMarked
package io.github.proxytelemetry.netty;

import org.jspecify.annotations.NullMarked;
