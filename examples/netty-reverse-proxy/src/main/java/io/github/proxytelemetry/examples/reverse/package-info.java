/** A reverse proxy on Netty. */
@NullMarked
package io.github.proxytelemetry.examples.reverse;

import org.jspecify.annotations.NullMarked;
