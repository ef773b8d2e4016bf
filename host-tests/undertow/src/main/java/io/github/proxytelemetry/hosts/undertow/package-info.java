/** Telemetry in a reverse proxy built on Undertow and the JDK's client. */
@NullMarked
package io.github.proxytelemetry.hosts.undertow;

import org.jspecify.annotations.NullMarked;
