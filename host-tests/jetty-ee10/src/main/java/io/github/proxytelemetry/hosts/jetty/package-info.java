/** Telemetry in the proxy servlets of Jetty. */
@NullMarked
package io.github.proxytelemetry.hosts.jetty;

import org.jspecify.annotations.NullMarked;
