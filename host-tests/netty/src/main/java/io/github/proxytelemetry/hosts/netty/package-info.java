/** Proxies on Netty, in the shapes of its own examples. */
@NullMarked
package io.github.proxytelemetry.hosts.netty;

import org.jspecify.annotations.NullMarked;
