package io.github.proxytelemetry;

import org.jspecify.annotations.Nullable;

/**
 * Naming scheme of KrakenD's OpenTelemetry layers, as documented. The two histograms named {@code
 * stage-duration} differ in the attribute {@code krakend.stage}.
 */
final class KrakendNaming implements MetricNaming {
  @Override
  public @Nullable String name(Instrument instrument) {
    return switch (instrument) {
      case REQUEST_DURATION_SECONDS -> "global-response-latency";
      case RESPONSE_SIZE_BYTES -> "global-response-size";
      case REQUEST_SIZE_BYTES,
          UPSTREAM_REQUEST_SIZE_BYTES,
          UPSTREAM_RESPONSES_WITHOUT_LENGTH_TOTAL ->
          null;
      case PROXY_DURATION_SECONDS, UPSTREAM_DURATION_SECONDS -> "stage-duration";
      case UPSTREAM_REQUESTS_STARTED_TOTAL -> "requests-started-count";
      case UPSTREAM_REQUESTS_FAILED_TOTAL -> "requests-failed-count";
      case UPSTREAM_REQUESTS_CANCELED_TOTAL -> "requests-canceled-count";
      case UPSTREAM_REQUESTS_TIMEDOUT_TOTAL -> "requests-timedout-count";
      case UPSTREAM_REQUEST_LENGTH_BYTES_TOTAL -> "requests-content-length";
      case UPSTREAM_RESPONSE_LATENCY_SECONDS -> "response-latency";
      case UPSTREAM_RESPONSE_LENGTH_BYTES -> "response-content-length";
      case UPSTREAM_READ_BYTES_TOTAL -> "read-size";
      case UPSTREAM_READ_SIZE_BYTES -> "read-size-hist";
      case UPSTREAM_READ_SECONDS_TOTAL -> "read-time";
      case UPSTREAM_READ_DURATION_SECONDS -> "read-time-hist";
      case UPSTREAM_READ_ERRORS_TOTAL -> "read-errors";
      case UPSTREAM_ACQUIRE_DURATION_SECONDS -> "request-get-conn-latency";
      case UPSTREAM_DNS_DURATION_SECONDS -> "request-dns-latency";
      case UPSTREAM_TLS_DURATION_SECONDS -> "request-tls-latency";
      default -> PRIVACY_PROXY.name(instrument);
    };
  }

  @Override
  public @Nullable String key(Instrument instrument, Dimension dimension) {
    return switch (instrument.group()) {
      case CONNECTION, REQUEST, LATENCY, TUNNEL -> PRIVACY_PROXY.key(instrument, dimension);
      case GLOBAL ->
          switch (dimension) {
            case STATUS -> "http.response.status_code";
            case ROUTE -> "url.path";
            default -> stage(dimension);
          };
      case PROXY -> dimension == Dimension.ROUTE ? "url.path" : stage(dimension);
      case BACKEND ->
          switch (dimension) {
            case UPSTREAM_ROUTE -> "url.path";
            case ROUTE -> "krakend.endpoint";
            case UPSTREAM -> "server.address";
            default -> stage(dimension);
          };
      case ROUND_TRIP, READ_PAYLOAD, DETAILED_CONNECTION ->
          switch (dimension) {
            case METHOD -> "http.request.method_original";
            case UPSTREAM_ROUTE -> "url.path";
            case SERVER_ADDRESS -> "server.address";
            default -> stage(dimension);
          };
    };
  }

  @Override
  public String toString() {
    return "MetricNaming.KRAKEND";
  }

  private static @Nullable String stage(Dimension dimension) {
    return dimension == Dimension.STAGE ? "krakend.stage" : null;
  }
}
