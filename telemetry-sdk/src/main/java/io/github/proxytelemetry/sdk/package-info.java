/** Sets up the OpenTelemetry SDK: exporters, TLS, environment. */
@NullMarked
package io.github.proxytelemetry.sdk;

import org.jspecify.annotations.NullMarked;
