/** Telemetry in Spring Cloud Gateway. */
@NullMarked
package io.github.proxytelemetry.hosts.gateway;

import org.jspecify.annotations.NullMarked;
