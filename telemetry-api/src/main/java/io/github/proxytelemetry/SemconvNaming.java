package io.github.proxytelemetry;

import org.jspecify.annotations.Nullable;

/** Naming scheme of the OpenTelemetry semantic conventions for HTTP metrics, version 1.44. */
final class SemconvNaming implements MetricNaming {
  @Override
  public @Nullable String name(Instrument instrument) {
    return switch (instrument) {
      case REQUESTS_IN_PROGRESS -> "http.server.active_requests";
      case REQUEST_DURATION_SECONDS -> "http.server.request.duration";
      case REQUEST_SIZE_BYTES -> "http.server.request.body.size";
      case RESPONSE_SIZE_BYTES -> "http.server.response.body.size";
      case UPSTREAM_DURATION_SECONDS -> "http.client.request.duration";
      case UPSTREAM_REQUEST_SIZE_BYTES -> "http.client.request.body.size";
      case UPSTREAM_READ_SIZE_BYTES -> "http.client.response.body.size";
      default -> PRIVACY_PROXY.name(instrument);
    };
  }

  @Override
  public @Nullable String key(Instrument instrument, Dimension dimension) {
    return switch (instrument) {
      case REQUESTS_IN_PROGRESS,
          REQUEST_DURATION_SECONDS,
          REQUEST_SIZE_BYTES,
          RESPONSE_SIZE_BYTES ->
          httpKey(dimension);
      case UPSTREAM_DURATION_SECONDS, UPSTREAM_REQUEST_SIZE_BYTES, UPSTREAM_READ_SIZE_BYTES ->
          // http.route is an attribute of servers; the conventions define none for clients.
          dimension == Dimension.ROUTE ? null : httpKey(dimension);
      default -> PRIVACY_PROXY.key(instrument, dimension);
    };
  }

  @Override
  public String toString() {
    return "MetricNaming.SEMCONV";
  }

  private static @Nullable String httpKey(Dimension dimension) {
    return switch (dimension) {
      case METHOD -> "http.request.method";
      case SCHEME -> "url.scheme";
      case STATUS -> "http.response.status_code";
      case ERROR -> "error.type";
      case PROTOCOL -> "network.protocol.version";
      case ROUTE -> "http.route";
      case SERVER_ADDRESS -> "server.address";
      case SERVER_PORT -> "server.port";
      default -> null;
    };
  }
}
