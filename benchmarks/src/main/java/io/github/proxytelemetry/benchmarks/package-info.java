/** JMH benchmarks. */
@NullMarked
package io.github.proxytelemetry.benchmarks;

import org.jspecify.annotations.NullMarked;
