/** Telemetry in a reverse proxy built on Vert.x. */
@NullMarked
package io.github.proxytelemetry.hosts.vertx;

import org.jspecify.annotations.NullMarked;
