/** Telemetry of proxies built on Jetty. */
@NullMarked
package io.github.proxytelemetry.jetty;

import org.jspecify.annotations.NullMarked;
