/** Service provider for Netty's bootstraps. Not exported. */
@NullMarked
package io.github.proxytelemetry.netty.bootstrap;

import org.jspecify.annotations.NullMarked;
