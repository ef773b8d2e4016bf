/** Readers of configurations: OpenTelemetry's variables, KrakenD, imgproxy, the tunnel gateway. */
@NullMarked
package io.github.proxytelemetry.sdk.config;

import org.jspecify.annotations.NullMarked;
