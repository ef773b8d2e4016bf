/** View of a running telemetry from within its process, exported to the console only. */
@NullMarked
package io.github.proxytelemetry.sdk.live;

import org.jspecify.annotations.NullMarked;
