package io.github.proxytelemetry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Naming scheme of the metrics that KrakenD exports today, which its Grafana dashboards query. They
 * differ from those that its documentation lists, and have no units but for times of reading.
 *
 * @param conventions whether KrakenD's {@code semantic_convention} is 1.27, which gives the metrics
 *     that OpenTelemetry's conventions define their names and units
 */
record KrakendOtelNaming(boolean conventions) implements MetricNaming {
  /** KrakenD's defaults, in seconds. */
  private static final List<Double> TIMES =
      List.of(
          0.01, 0.02, 0.05, 0.075, 0.1, 0.125, 0.15, 0.175, 0.2, 0.25, 0.3, 0.35, 0.5, 0.75, 1.0,
          1.5, 2.0, 3.5, 5.0, 10.0);

  /** KrakenD's defaults, in bytes. */
  private static final List<Double> SIZES =
      List.of(
          128.0,
          256.0,
          512.0,
          1024.0,
          4096.0,
          8192.0,
          16_384.0,
          32_768.0,
          65_536.0,
          262_144.0,
          524_288.0,
          1_048_576.0,
          4_194_304.0,
          16_777_216.0,
          67_108_864.0);

  @Override
  public @Nullable String name(Instrument instrument) {
    String convention = conventions ? convention(instrument) : null;
    return convention != null ? convention : krakend(instrument);
  }

  private static @Nullable String convention(Instrument instrument) {
    return switch (instrument) {
      case REQUEST_DURATION_SECONDS -> "http.server.request.duration";
      case RESPONSE_SIZE_BYTES -> "http.server.response.body.size";
      case UPSTREAM_RESPONSE_LATENCY_SECONDS -> "http.client.request.duration";
      case UPSTREAM_RESPONSE_LENGTH_BYTES -> "http.client.response.body.size";
      default -> null;
    };
  }

  private static @Nullable String krakend(Instrument instrument) {
    return switch (instrument) {
      case REQUEST_DURATION_SECONDS -> "http.server.duration";
      case RESPONSE_SIZE_BYTES -> "http.server.response.size";
      case REQUEST_SIZE_BYTES, UPSTREAM_REQUEST_SIZE_BYTES -> null;
      case PROXY_DURATION_SECONDS -> "krakend.proxy.duration";
      case UPSTREAM_DURATION_SECONDS -> "krakend.backend.duration";
      case UPSTREAM_REQUESTS_STARTED_TOTAL -> "http.client.request.started.count";
      case UPSTREAM_REQUESTS_FAILED_TOTAL -> "http.client.request.failed.count";
      case UPSTREAM_REQUESTS_CANCELED_TOTAL -> "http.client.request.canceled.count";
      case UPSTREAM_REQUESTS_TIMEDOUT_TOTAL -> "http.client.request.timedout.count";
      case UPSTREAM_REQUEST_LENGTH_BYTES_TOTAL -> "http.client.request.size";
      case UPSTREAM_RESPONSE_LATENCY_SECONDS -> "http.client.duration";
      case UPSTREAM_RESPONSE_LENGTH_BYTES -> "http.client.response.size";
      case UPSTREAM_RESPONSES_WITHOUT_LENGTH_TOTAL -> "http.client.response.no-content-length";
      case UPSTREAM_READ_BYTES_TOTAL -> "http.client.response.read.size";
      case UPSTREAM_READ_SIZE_BYTES -> "http.client.response.read.size-hist";
      case UPSTREAM_READ_SECONDS_TOTAL -> "http.client.response.read.time";
      case UPSTREAM_READ_DURATION_SECONDS -> "http.client.response.read.time-hist";
      case UPSTREAM_READ_ERRORS_TOTAL -> "http.client.response.read.errors";
      case UPSTREAM_ACQUIRE_DURATION_SECONDS -> "http.client.request.get-conn.duration";
      case UPSTREAM_DNS_DURATION_SECONDS -> "http.client.request.dns.duration";
      case UPSTREAM_TLS_DURATION_SECONDS -> "http.client.request.tls.duration";
      default -> PRIVACY_PROXY.name(instrument);
    };
  }

  @Override
  public String unit(Instrument instrument) {
    if (instrument.group().isDefault() || (conventions && convention(instrument) != null)) {
      return instrument.unit();
    }
    return switch (instrument) {
      case UPSTREAM_READ_SECONDS_TOTAL, UPSTREAM_READ_DURATION_SECONDS -> instrument.unit();
      default -> "";
    };
  }

  @Override
  public List<Double> buckets(Instrument instrument) {
    if (instrument.group().isDefault() || instrument.buckets().isEmpty()) {
      return instrument.buckets();
    }
    return instrument.unit().equals("s") ? TIMES : SIZES;
  }

  @Override
  public @Nullable String key(Instrument instrument, Dimension dimension) {
    return switch (instrument.group()) {
      case CONNECTION, REQUEST, LATENCY, TUNNEL -> PRIVACY_PROXY.key(instrument, dimension);
      case GLOBAL ->
          switch (dimension) {
            case METHOD -> "http.request.method";
            case SCHEME -> "url.scheme";
            case ROUTE -> "http.route";
            case STATUS -> "http.response.status_code";
            default -> null;
          };
      case PROXY ->
          switch (dimension) {
            case METHOD -> "http.request.method";
            case ROUTE -> "http.route";
            default -> result(dimension);
          };
      case BACKEND ->
          dimension == Dimension.UPSTREAM ? "server.address" : upstream(instrument, dimension);
      case ROUND_TRIP, READ_PAYLOAD, DETAILED_CONNECTION -> upstream(instrument, dimension);
    };
  }

  private static @Nullable String upstream(Instrument instrument, Dimension dimension) {
    boolean stage = instrument.group() == Instrument.Group.BACKEND;
    return switch (dimension) {
      case METHOD -> "http.request.method";
      case UPSTREAM_ROUTE -> "http.route";
      case ROUTE -> "krakend.endpoint.route";
      case DOWNSTREAM_METHOD -> "krakend.endpoint.method";
      case SERVER_ADDRESS -> stage ? null : "server.address";
      case SERVER_PORT -> stage ? null : "server.port";
      case STATUS -> stage ? null : "http.response.status_code";
      default -> stage ? result(dimension) : dimension == Dimension.FAILED ? "error" : null;
    };
  }

  private static @Nullable String result(Dimension dimension) {
    return switch (dimension) {
      case COMPLETE -> "complete";
      case CANCELED -> "canceled";
      case FAILED -> "error";
      default -> null;
    };
  }

  @Override
  public String toString() {
    return conventions ? "MetricNaming.KRAKEND_OTEL_1_27" : "MetricNaming.KRAKEND_OTEL";
  }
}
