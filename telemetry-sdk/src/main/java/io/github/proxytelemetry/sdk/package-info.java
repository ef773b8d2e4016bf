/**
 * OpenTelemetry SDK for proxies: entry, builder, exporter options, configuration, health.
 *
 * @since 0.1.0
 */
@NullMarked
package io.github.proxytelemetry.sdk;

import org.jspecify.annotations.NullMarked;
