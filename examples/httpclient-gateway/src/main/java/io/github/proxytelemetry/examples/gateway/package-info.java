/** An API gateway on nothing but the JDK. */
@NullMarked
package io.github.proxytelemetry.examples.gateway;

import org.jspecify.annotations.NullMarked;
