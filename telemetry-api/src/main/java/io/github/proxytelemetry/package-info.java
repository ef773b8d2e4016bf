/** What a proxy does, told as events. */
@NullMarked
package io.github.proxytelemetry;

import org.jspecify.annotations.NullMarked;
