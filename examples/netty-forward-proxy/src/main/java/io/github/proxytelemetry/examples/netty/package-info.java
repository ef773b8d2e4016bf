/** A forward proxy on Netty. */
@NullMarked
package io.github.proxytelemetry.examples.netty;

import org.jspecify.annotations.NullMarked;
