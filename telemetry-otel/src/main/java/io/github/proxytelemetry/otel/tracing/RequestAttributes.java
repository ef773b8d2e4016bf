package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.otel.metrics.LabelValues;
import io.github.proxytelemetry.otel.metrics.Methods;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.semconv.NetworkAttributes;
import io.opentelemetry.semconv.UrlAttributes;

/** Attributes that the conventions require at the start of a server span, for samplers. */
final class RequestAttributes {
  private RequestAttributes() {}

  static void describe(SpanBuilder builder, RequestInfo request, int method) {
    String scheme = request.scheme();
    if ("http".equals(scheme) || "https".equals(scheme)) {
      builder.setAttribute(UrlAttributes.URL_SCHEME, scheme);
    }
    String path = method == Methods.CONNECT ? null : request.path();
    if (path != null) {
      builder.setAttribute(UrlAttributes.URL_PATH, UrlPath.of(path));
    }
    String version = LabelValues.protocolName(LabelValues.protocol(request.protocolVersion()));
    if (version != null) {
      builder.setAttribute(NetworkAttributes.NETWORK_PROTOCOL_VERSION, version);
    }
  }
}
