/** A recorder, and the contracts that back ends and adapters pass. */
@NullMarked
package io.github.proxytelemetry.testing;

import org.jspecify.annotations.NullMarked;
