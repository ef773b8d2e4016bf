/** Client scripts for servers and proxies of other projects, and the checks after each. */
@NullMarked
package io.github.proxytelemetry.hosts;

import org.jspecify.annotations.NullMarked;
