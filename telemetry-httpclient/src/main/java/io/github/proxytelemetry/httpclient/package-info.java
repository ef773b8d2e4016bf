/**
 * Telemetry of proxies built on the HTTP client and server of the JDK.
 *
 * @since 0.1.0
 */
@NullMarked
package io.github.proxytelemetry.httpclient;

import org.jspecify.annotations.NullMarked;
