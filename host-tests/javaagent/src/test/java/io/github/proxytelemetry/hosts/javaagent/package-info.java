/** Proxies with OpenTelemetry's javaagent in the same process. */
@NullMarked
package io.github.proxytelemetry.hosts.javaagent;

import org.jspecify.annotations.NullMarked;
