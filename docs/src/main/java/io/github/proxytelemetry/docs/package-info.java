/** The Java samples of the guides. */
@NullMarked
package io.github.proxytelemetry.docs;

import org.jspecify.annotations.NullMarked;
