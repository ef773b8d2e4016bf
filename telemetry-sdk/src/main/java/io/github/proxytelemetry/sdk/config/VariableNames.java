package io.github.proxytelemetry.sdk.config;

import java.util.List;

/** Names of variables, without their prefix. */
final class VariableNames {
  static final List<String> TRACING = List.of("ENABLED", "ENDPOINT", "SAMPLE_RATE");

  static final List<String> IMGPROXY =
      List.of(
          "ENDPOINT",
          "PROTOCOL",
          "SERVICE_NAME",
          "PROPAGATORS",
          "GRPC_INSECURE",
          "ENABLE_METRICS",
          "TRACE_ID_GENERATOR",
          "SERVER_CERT",
          "CLIENT_CERT",
          "CLIENT_KEY");

  /** Read under imgproxy's own prefix only. */
  static final List<String> IMGPROXY_ONLY =
      List.of("ENABLE", "CONNECTION_TIMEOUT", "ENABLE_LOGS", "LOGGER_NAME", "PROPAGATE_EXTERNAL");

  static final String PROMETHEUS = "IMGPROXY_PROMETHEUS_";

  static final List<String> RECORDING =
      List.of(
          "NAMING",
          "METRIC_PREFIX",
          "PROXY_STATUS",
          "KNOWN_METHODS",
          "LAYERS",
          "SKIP_PATHS",
          "PRIVACY",
          "TRUST",
          "SERVER_TIMING",
          "ACCESS_LOG",
          "CAPTURE_REQUEST_HEADERS",
          "CAPTURE_RESPONSE_HEADERS",
          "CAPTURE_DESTINATIONS",
          "CAPTURE_QUERY",
          "CAPTURE_CLIENT_ADDRESS",
          "SAMPLING_RULES",
          "SAMPLING_KEEP_SLOWER_THAN",
          "SAMPLING_MAX_PER_SECOND");

  private VariableNames() {}
}
