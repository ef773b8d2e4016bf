/** Running exporters: span queue, export loops, OTLP sender, Prometheus listener. */
@NullMarked
package io.github.proxytelemetry.sdk.export;

import org.jspecify.annotations.NullMarked;
