/** Telemetry in a reverse proxy built on reactor-netty. */
@NullMarked
package io.github.proxytelemetry.hosts.reactor;

import org.jspecify.annotations.NullMarked;
