/**
 * Telemetry of proxies built on Jetty.
 *
 * @since 0.1.0
 */
@NullMarked
package io.github.proxytelemetry.jetty;

import org.jspecify.annotations.NullMarked;
