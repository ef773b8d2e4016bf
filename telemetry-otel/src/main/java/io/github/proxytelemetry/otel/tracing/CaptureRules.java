package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Upstream;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.semconv.ClientAttributes;
import io.opentelemetry.semconv.UrlAttributes;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Request data that spans record beyond the conventions. Every value is cut to {@link
 * Text#MAX_LENGTH}.
 */
public record CaptureRules(
    Map<String, AttributeKey<List<String>>> requestHeaders,
    Map<String, AttributeKey<List<String>>> responseHeaders,
    boolean clientAddress,
    boolean query,
    HostPatterns destinations) {
  /** Bound of the values of a header with many lines. */
  private static final int MAX_VALUES = 8;

  public boolean isNothing() {
    return requestHeaders.isEmpty()
        && responseHeaders.isEmpty()
        && !clientAddress
        && !query
        && destinations.isEmpty();
  }

  void describe(SpanBuilder builder, RequestInfo request, @Nullable SocketAddress peer) {
    // An iterator over nothing is an object as well.
    if (!requestHeaders.isEmpty()) {
      describeHeaders(builder, request);
    }
    String target = query ? request.path() : null;
    String parameters = target == null ? null : UrlQuery.of(target);
    if (parameters != null) {
      builder.setAttribute(UrlAttributes.URL_QUERY, parameters);
    }
    String address = address(peer);
    if (address != null) {
      builder.setAttribute(ClientAttributes.CLIENT_ADDRESS, address);
    }
  }

  private void describeHeaders(SpanBuilder builder, RequestInfo request) {
    for (Map.Entry<String, AttributeKey<List<String>>> header : requestHeaders.entrySet()) {
      List<String> values = request.headers(header.getKey());
      if (!values.isEmpty()) {
        builder.setAttribute(
            header.getValue(), values.stream().limit(MAX_VALUES).map(Text::cut).toList());
      }
    }
  }

  /** The captured headers of a response, each with its first line. */
  <C> Attributes response(C headers, HeaderAccess<C> access) {
    if (responseHeaders.isEmpty()) {
      return Attributes.empty();
    }
    AttributesBuilder attributes = Attributes.builder();
    responseHeaders.forEach(
        (name, key) -> {
          String value = access.get(headers, name);
          if (value != null) {
            attributes.put(key, List.of(Text.cut(value)));
          }
        });
    return attributes.build();
  }

  /** Whether spans may name this destination. */
  boolean names(Upstream upstream) {
    return upstream.name() != null || destinations.matches(upstream.host());
  }

  private @Nullable String address(@Nullable SocketAddress peer) {
    if (!clientAddress
        || !(peer instanceof InetSocketAddress socket)
        || socket.getAddress() == null) {
      return null;
    }
    String address = socket.getAddress().getHostAddress();
    int zone = address.indexOf('%');
    return zone < 0 ? address : address.substring(0, zone);
  }
}
