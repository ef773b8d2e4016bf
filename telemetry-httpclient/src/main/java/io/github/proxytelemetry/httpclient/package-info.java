/** Telemetry of proxies built on the HTTP client and server of the JDK. */
@NullMarked
package io.github.proxytelemetry.httpclient;

import org.jspecify.annotations.NullMarked;
