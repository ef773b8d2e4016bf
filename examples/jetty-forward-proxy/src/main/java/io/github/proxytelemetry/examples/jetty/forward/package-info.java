/** A forward proxy on Jetty. */
@NullMarked
package io.github.proxytelemetry.examples.jetty.forward;

import org.jspecify.annotations.NullMarked;
