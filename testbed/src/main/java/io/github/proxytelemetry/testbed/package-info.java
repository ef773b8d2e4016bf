/** Starts real third-party programs for our own tests. */
@NullMarked
package io.github.proxytelemetry.testbed;

import org.jspecify.annotations.NullMarked;
