/** What the Jetty examples share. */
@NullMarked
package io.github.proxytelemetry.examples.jetty;

import org.jspecify.annotations.NullMarked;
