/** Sets up the OpenTelemetry SDK: exporters, TLS, environment. */
@NullMarked
package io.github.proxytelemetry.otel.sdk;

import org.jspecify.annotations.NullMarked;
