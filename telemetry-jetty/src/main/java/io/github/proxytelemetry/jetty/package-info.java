/** Tells what a Jetty proxy does. */
@NullMarked
package io.github.proxytelemetry.jetty;

import org.jspecify.annotations.NullMarked;
