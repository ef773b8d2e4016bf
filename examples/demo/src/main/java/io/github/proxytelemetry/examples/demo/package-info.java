/** The forward proxy under a light traffic, with a live summary. */
@NullMarked
package io.github.proxytelemetry.examples.demo;

import org.jspecify.annotations.NullMarked;
