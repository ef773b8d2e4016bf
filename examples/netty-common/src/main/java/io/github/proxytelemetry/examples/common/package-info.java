/** What proxies on Netty have in common. */
@NullMarked
package io.github.proxytelemetry.examples.common;

import org.jspecify.annotations.NullMarked;
