package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.otel.metrics.LabelValues;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Copy of the parts of a request that spans record, which outlives the request. */
record RequestSnapshot(
    String method,
    @Nullable String path,
    @Nullable String scheme,
    @Nullable String protocolVersion,
    Map<String, List<String>> fields)
    implements RequestInfo {
  /** More than spans record of a path and a query, even where half of the query is redacted. */
  private static final int MAX_TARGET = 2048;

  static RequestSnapshot of(RequestInfo request, Set<String> headers) {
    String path = request.path();
    String method = request.method();
    return new RequestSnapshot(
        method == null ? LabelValues.OTHER : Text.cut(method),
        path == null ? null : Text.cut(path, MAX_TARGET),
        request.scheme(),
        request.protocolVersion(),
        headers.isEmpty() ? Map.of() : fields(request, headers));
  }

  @Override
  public @Nullable String header(String name) {
    List<String> values = headers(name);
    return values.isEmpty() ? null : values.get(0);
  }

  @Override
  public List<String> headers(String name) {
    return fields.getOrDefault(name, List.of());
  }

  private static Map<String, List<String>> fields(RequestInfo request, Set<String> headers) {
    Map<String, List<String>> fields = new HashMap<>();
    for (String name : headers) {
      List<String> values = request.headers(name);
      if (!values.isEmpty()) {
        fields.put(name, List.copyOf(values));
      }
    }
    return fields;
  }
}
