/** OpenTelemetry SDK for proxies: entry, builder, exporter options, configuration, health. */
@NullMarked
package io.github.proxytelemetry.sdk;

import org.jspecify.annotations.NullMarked;
