/** A reverse proxy on Jetty. */
@NullMarked
package io.github.proxytelemetry.examples.jetty.reverse;

import org.jspecify.annotations.NullMarked;
