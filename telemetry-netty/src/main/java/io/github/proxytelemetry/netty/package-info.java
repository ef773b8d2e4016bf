/** Tells what a Netty proxy does. */
@NullMarked
package io.github.proxytelemetry.netty;

import org.jspecify.annotations.NullMarked;
