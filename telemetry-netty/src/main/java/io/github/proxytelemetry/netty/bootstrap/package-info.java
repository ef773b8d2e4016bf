/** What Netty's bootstraps call by themselves. Not exported. */
@NullMarked
package io.github.proxytelemetry.netty.bootstrap;

import org.jspecify.annotations.NullMarked;
