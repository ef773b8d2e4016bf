package io.github.proxytelemetry;

import static io.github.proxytelemetry.Dimension.DIRECTION;
import static io.github.proxytelemetry.Dimension.ERROR;
import static io.github.proxytelemetry.Dimension.KIND;
import static io.github.proxytelemetry.Dimension.METHOD;
import static io.github.proxytelemetry.Dimension.OUTCOME;
import static io.github.proxytelemetry.Dimension.SCHEME;
import static io.github.proxytelemetry.Dimension.SIDE;
import static io.github.proxytelemetry.Dimension.STATUS;
import static io.github.proxytelemetry.Dimension.UPSTREAM;
import static io.github.proxytelemetry.Instrument.Group.BACKEND;
import static io.github.proxytelemetry.Instrument.Group.CONNECTION;
import static io.github.proxytelemetry.Instrument.Group.DETAILED_CONNECTION;
import static io.github.proxytelemetry.Instrument.Group.GLOBAL;
import static io.github.proxytelemetry.Instrument.Group.LATENCY;
import static io.github.proxytelemetry.Instrument.Group.PROXY;
import static io.github.proxytelemetry.Instrument.Group.READ_PAYLOAD;
import static io.github.proxytelemetry.Instrument.Group.REQUEST;
import static io.github.proxytelemetry.Instrument.Group.ROUND_TRIP;
import static io.github.proxytelemetry.Instrument.Group.TUNNEL;
import static io.github.proxytelemetry.Instrument.Kind.COUNTER;
import static io.github.proxytelemetry.Instrument.Kind.UP_DOWN_COUNTER;

import java.util.List;

/**
 * Catalogue of the metric instruments that a back end records: kind, unit, description, dimensions
 * and buckets of each. Back ends, documents, dashboards and tests read it. {@link MetricNaming}
 * gives the names under which they are exported. By default that is the constant in lower case with
 * a prefix: {@code privacy_proxy_errors_total} is recorded where a back end uses {@code
 * ERRORS_TOTAL}.
 *
 * <p>Units are in UCUM notation. A counter of bytes has the annotation {@code {byte}} in place of
 * {@code By}, because OpenTelemetry's Prometheus exporter appends the unit to a name that does not
 * end in it: {@code bytes_sent_total} would become {@code bytes_sent_bytes_total}.
 */
public enum Instrument {
  /** Client connections accepted. */
  CONNECTIONS_TOTAL(CONNECTION, COUNTER, "{connection}", "Client connections accepted"),
  /** Client connections currently open. */
  CONNECTIONS_ACTIVE(CONNECTION, UP_DOWN_COUNTER, "{connection}", "Client connections open"),
  /** Time from accept to close of client connections. */
  CONNECTIONS_DURATION_SECONDS(CONNECTION, "Duration of client connections", Buckets.LIFETIME),
  /** Duration of completed TLS handshakes, with clients and with upstreams. */
  TLS_HANDSHAKE_DURATION_SECONDS(CONNECTION, "Duration of TLS handshakes", Buckets.LATENCY, SIDE),
  /** Bytes on the wire of client and upstream connections, TLS and framing included. */
  CONNECTION_IO_BYTES_TOTAL(
      CONNECTION, COUNTER, "{byte}", "Bytes on the wire of connections", DIRECTION, SIDE),
  /** Upstream connections that were established. */
  UPSTREAM_CONNECTIONS_TOTAL(
      CONNECTION, COUNTER, "{connection}", "Upstream connections established", UPSTREAM),
  /** Upstream connections currently established, idle ones of pools included. */
  UPSTREAM_CONNECTIONS_ACTIVE(
      CONNECTION, UP_DOWN_COUNTER, "{connection}", "Upstream connections open", UPSTREAM),
  /** Time from established to closed of upstream connections. */
  UPSTREAM_CONNECTIONS_DURATION_SECONDS(
      CONNECTION, "Duration of upstream connections", Buckets.LIFETIME, UPSTREAM),

  /** Requests whose head was parsed, CONNECT included. */
  REQUESTS_TOTAL(REQUEST, COUNTER, "{request}", "Requests processed", METHOD),
  /**
   * The same requests by response status. Monotonic, yet an up-down counter: OpenTelemetry would
   * export a counter to Prometheus as {@code requests_by_status_total}. The error is left out
   * unless it is asked for.
   */
  REQUESTS_BY_STATUS(
      REQUEST, UP_DOWN_COUNTER, "{request}", "Requests by response status", STATUS, ERROR),
  /** Payload bytes sent to destinations: message bodies and tunnel bytes. */
  BYTES_SENT_TOTAL(REQUEST, COUNTER, "{byte}", "Payload bytes sent to destinations"),
  /** Payload bytes received from destinations: message bodies and tunnel bytes. */
  BYTES_RECEIVED_TOTAL(REQUEST, COUNTER, "{byte}", "Payload bytes received from destinations"),
  /** Requests whose response is not complete yet. */
  REQUESTS_IN_PROGRESS(
      REQUEST, UP_DOWN_COUNTER, "{request}", "Requests in progress", METHOD, SCHEME),
  /**
   * Exchanges with an error, by error and by the side that caused it; by upstream, where one of the
   * exchange's is known to have caused it.
   */
  ERRORS_TOTAL(REQUEST, COUNTER, "{error}", "Exchanges with an error", ERROR, SIDE, UPSTREAM),
  /** Upstream attempts that have ended, by outcome and upstream. */
  ATTEMPTS_TOTAL(REQUEST, COUNTER, "{attempt}", "Upstream attempts ended", OUTCOME, UPSTREAM),

  /** Time to establish a new connection to the destination: DNS, TCP and, if used, TLS. */
  CONNECT_LATENCY_SECONDS(
      LATENCY, "Time to establish a connection to the destination", Buckets.LATENCY, UPSTREAM),
  /**
   * Time from the request head sent to the first byte of the final response head. In a tunnel: from
   * its start to the first byte from the destination.
   */
  FIRST_BYTE_LATENCY_SECONDS(
      LATENCY, "Time to the first byte from the destination", Buckets.LATENCY, UPSTREAM),
  /** Time that the proxy itself added until the response head: the {@code Server-Timing} value. */
  PROCESSING_DURATION_SECONDS(LATENCY, "Time that the proxy itself added", Buckets.PROCESSING),
  /**
   * Time from the first byte of a request to the start of its handling, where the host reports that
   * ({@link ExchangeObservation#handlingStarted}).
   */
  QUEUE_DURATION_SECONDS(
      LATENCY, "Time that requests waited for their handling", Buckets.PROCESSING),

  /** Tunnels currently open. */
  TUNNELS_ACTIVE(TUNNEL, UP_DOWN_COUNTER, "{tunnel}", "Tunnels open", KIND),
  /** Time that tunnels were open. */
  TUNNEL_DURATION_SECONDS(TUNNEL, "Duration of tunnels", Buckets.LIFETIME, KIND),

  /** Time from the first byte of a request to the last byte of its response. */
  REQUEST_DURATION_SECONDS(GLOBAL, "Duration of requests", Buckets.REQUEST, Dimensions.SERVER),
  /** Size of request bodies. */
  REQUEST_SIZE_BYTES(GLOBAL, "Size of request bodies", Buckets.SIZE, Dimensions.SERVER),
  /** Size of response bodies. */
  RESPONSE_SIZE_BYTES(GLOBAL, "Size of response bodies", Buckets.SIZE, Dimensions.SERVER),

  /** Time from the start of a request's handling to the end of its response. */
  PROXY_DURATION_SECONDS(PROXY, "Duration of the proxy's work", Buckets.REQUEST, Dimensions.PROXY),

  /** Time from the start of an attempt to its end. */
  UPSTREAM_DURATION_SECONDS(
      BACKEND, "Duration of upstream attempts", Buckets.REQUEST, Dimensions.ATTEMPT),

  /** Attempts started. */
  UPSTREAM_REQUESTS_STARTED_TOTAL(
      ROUND_TRIP, COUNTER, "{request}", "Upstream requests started", Dimensions.CLIENT),
  /** Attempts that failed, cancelled ones excluded. */
  UPSTREAM_REQUESTS_FAILED_TOTAL(
      ROUND_TRIP, COUNTER, "{request}", "Upstream requests failed", Dimensions.ANSWER),
  /** Attempts cancelled by the proxy; not counted as failed. */
  UPSTREAM_REQUESTS_CANCELED_TOTAL(
      ROUND_TRIP, COUNTER, "{request}", "Upstream requests canceled", Dimensions.ANSWER),
  /** Attempts that timed out; counted as failed too. */
  UPSTREAM_REQUESTS_TIMEDOUT_TOTAL(
      ROUND_TRIP, COUNTER, "{request}", "Upstream requests timed out", Dimensions.ANSWER),
  /** Sum of the Content-Length headers sent; a request without one adds 0. */
  UPSTREAM_REQUEST_LENGTH_BYTES_TOTAL(
      ROUND_TRIP, COUNTER, "{byte}", "Content-Length of upstream requests", Dimensions.CLIENT),
  /** Size of request bodies sent upstream, per attempt that sent a request. */
  UPSTREAM_REQUEST_SIZE_BYTES(
      ROUND_TRIP, "Size of request bodies sent", Buckets.SIZE, Dimensions.ATTEMPT),
  /**
   * Time from an attempt's start to the first byte of its response. A {@link MetricNaming} that
   * gives it a key for {@link Dimension#STATUS} also gets attempts without a response, until their
   * end, as series without a status.
   */
  UPSTREAM_RESPONSE_LATENCY_SECONDS(
      ROUND_TRIP, "Time to the response", Buckets.REQUEST, Dimensions.ANSWER),
  /** Content-Length headers received; a response without one is not recorded. */
  UPSTREAM_RESPONSE_LENGTH_BYTES(
      ROUND_TRIP, "Content-Length of responses", Buckets.SIZE, Dimensions.ANSWER),

  /** Responses without a Content-Length. */
  UPSTREAM_RESPONSES_WITHOUT_LENGTH_TOTAL(
      ROUND_TRIP, COUNTER, "{response}", "Responses without Content-Length", Dimensions.ANSWER),

  /** Bytes of response bodies read. */
  UPSTREAM_READ_BYTES_TOTAL(
      READ_PAYLOAD, COUNTER, "{byte}", "Bytes of response bodies read", Dimensions.ANSWER),
  /** Bytes of response bodies read, per response. */
  UPSTREAM_READ_SIZE_BYTES(
      READ_PAYLOAD, "Size of response bodies read", Buckets.SIZE, Dimensions.READ),
  /** Time spent reading response bodies. */
  UPSTREAM_READ_SECONDS_TOTAL(
      READ_PAYLOAD, COUNTER, "s", "Time spent reading response bodies", Dimensions.READ),
  /** Time spent reading response bodies, per response. */
  UPSTREAM_READ_DURATION_SECONDS(
      READ_PAYLOAD, "Time to read a body", Buckets.REQUEST, Dimensions.READ),
  /** Response bodies that could not be read to their end. */
  UPSTREAM_READ_ERRORS_TOTAL(
      READ_PAYLOAD, COUNTER, "{error}", "Errors while reading response bodies", Dimensions.READ),

  /** Time from an attempt's start until it had a connection. */
  UPSTREAM_ACQUIRE_DURATION_SECONDS(
      DETAILED_CONNECTION, "Time to get a connection", Buckets.LATENCY, Dimensions.CLIENT),
  /** Time to resolve the name, for new connections. */
  UPSTREAM_DNS_DURATION_SECONDS(
      DETAILED_CONNECTION, "Time to resolve", Buckets.LATENCY, Dimensions.CLIENT),
  /** Duration of the TLS handshake, for new connections. */
  UPSTREAM_TLS_DURATION_SECONDS(
      DETAILED_CONNECTION, "Time of TLS handshakes", Buckets.LATENCY, Dimensions.CLIENT);

  /** Kind of an instrument, in the terms of OpenTelemetry. */
  public enum Kind {
    /** Monotonic sum. */
    COUNTER,
    /** Sum that can decrease. */
    UP_DOWN_COUNTER,
    /** Histogram with explicit bucket boundaries. */
    HISTOGRAM
  }

  /** Group of instruments that are enabled together. */
  public enum Group {
    /** Client connections. */
    CONNECTION(""),
    /** Requests, their outcome and their payload. */
    REQUEST(""),
    /** Latencies: where the time of a request goes. */
    LATENCY(""),
    /** Tunnels, which are not counted as requests. */
    TUNNEL(""),
    /** The whole request as its client sees it: KrakenD's layer {@code global}. */
    GLOBAL("global"),
    /** The proxy's part of a request: KrakenD's layer {@code proxy}. */
    PROXY("proxy"),
    /** An upstream's part of a request: the stage of KrakenD's layer {@code backend}. */
    BACKEND("backend"),
    /** Requests to upstreams: {@code round_trip} of KrakenD's layer {@code backend}. */
    ROUND_TRIP("backend-request"),
    /** Reading of response bodies: {@code read_payload} of KrakenD's layer {@code backend}. */
    READ_PAYLOAD("backend-request"),
    /** Getting connections: {@code detailed_connection} of KrakenD's layer {@code backend}. */
    DETAILED_CONNECTION("backend-request");

    private final String stage;

    Group(String stage) {
      this.stage = stage;
    }

    /** {@return whether it is enabled by default: connections, requests, latencies, tunnels} */
    public boolean isDefault() {
      return compareTo(GLOBAL) < 0;
    }
  }

  private final Group group;
  private final Kind kind;
  private final String unit;
  private final String description;

  // Lists of List.of, whose type does not show that they are immutable.
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<Double> buckets;

  @SuppressWarnings("ImmutableEnumChecker")
  private final List<Dimension> dimensions;

  /** A sum. */
  Instrument(Group group, Kind kind, String unit, String description, Dimension... dimensions) {
    this.group = group;
    this.kind = kind;
    this.unit = unit;
    this.description = description;
    this.buckets = List.of();
    this.dimensions = List.of(dimensions);
  }

  /** A histogram; its unit is that of its buckets. */
  Instrument(Group group, String description, Buckets buckets, Dimension... dimensions) {
    this.group = group;
    this.kind = Kind.HISTOGRAM;
    this.unit = buckets.unit();
    this.description = description;
    this.buckets = buckets.bounds();
    this.dimensions = List.of(dimensions);
  }

  /** {@return the group that it is enabled with} */
  public Group group() {
    return group;
  }

  /** {@return the kind, which decides how measurements are aggregated} */
  public Kind kind() {
    return kind;
  }

  /** {@return the unit of its values, in UCUM notation} */
  public String unit() {
    return unit;
  }

  /** {@return what it measures: a short phrase without a full stop} */
  public String description() {
    return description;
  }

  /** {@return the upper bounds of a histogram's buckets, in {@link #unit()}; empty for a sum} */
  public List<Double> buckets() {
    return buckets;
  }

  /** {@return the value of {@link Dimension#STAGE}, KrakenD's name of the layer, or empty} */
  public String stage() {
    return group.stage;
  }

  /** {@return the possible dimensions, of which {@link MetricNaming#key} selects} */
  public List<Dimension> dimensions() {
    return dimensions;
  }
}
