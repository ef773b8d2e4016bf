/** Calls of grpc-java through proxies, with telemetry on and off. */
@NullMarked
package io.github.proxytelemetry.hosts.grpc;

import org.jspecify.annotations.NullMarked;
