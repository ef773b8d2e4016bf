/** Telemetry in LittleProxy. */
@NullMarked
package io.github.proxytelemetry.hosts.littleproxy;

import org.jspecify.annotations.NullMarked;
