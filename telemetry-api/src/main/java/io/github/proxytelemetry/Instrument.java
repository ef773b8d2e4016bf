package io.github.proxytelemetry;

import static io.github.proxytelemetry.Dimension.DIRECTION;
import static io.github.proxytelemetry.Dimension.ERROR;
import static io.github.proxytelemetry.Dimension.KIND;
import static io.github.proxytelemetry.Dimension.METHOD;
import static io.github.proxytelemetry.Dimension.OUTCOME;
import static io.github.proxytelemetry.Dimension.PROTOCOL;
import static io.github.proxytelemetry.Dimension.ROUTE;
import static io.github.proxytelemetry.Dimension.SCHEME;
import static io.github.proxytelemetry.Dimension.SERVER_ADDRESS;
import static io.github.proxytelemetry.Dimension.SERVER_PORT;
import static io.github.proxytelemetry.Dimension.SIDE;
import static io.github.proxytelemetry.Dimension.STAGE;
import static io.github.proxytelemetry.Dimension.STATUS;
import static io.github.proxytelemetry.Dimension.UPSTREAM;
import static io.github.proxytelemetry.Dimension.UPSTREAM_ROUTE;
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
import static io.github.proxytelemetry.Instrument.Kind.HISTOGRAM;
import static io.github.proxytelemetry.Instrument.Kind.UP_DOWN_COUNTER;

import java.util.List;

/**
 * The catalogue: everything that a back end measures, once. Back ends, documents, dashboards and
 * tests read it; {@link MetricNaming} says what each is called.
 *
 * <p>Units are UCUM. Bytes are counted in the annotation {@code {byte}} instead of {@code By} where
 * the name says bytes already, because the Prometheus exporter of OpenTelemetry Java would append
 * the unit a second time.
 */
public enum Instrument {
  /** Connections of clients that were accepted. */
  CONNECTIONS_TOTAL(CONNECTION, COUNTER, "{connection}", "Client connections accepted"),
  /** Connections of clients that are open. */
  CONNECTIONS_ACTIVE(CONNECTION, UP_DOWN_COUNTER, "{connection}", "Client connections open"),
  /** How long connections of clients were open. */
  CONNECTIONS_DURATION_SECONDS(
      CONNECTION, HISTOGRAM, "s", "Duration of client connections", Buckets.LIFETIME),
  /** How long TLS handshakes took, on either side. */
  TLS_HANDSHAKE_DURATION_SECONDS(
      CONNECTION, HISTOGRAM, "s", "Duration of TLS handshakes", Buckets.LATENCY, SIDE),
  /** Bytes on the wire, TLS and framing included, on either side. */
  CONNECTION_IO_BYTES_TOTAL(
      CONNECTION, COUNTER, "{byte}", "Bytes on the wire of connections", DIRECTION, SIDE),

  /** Requests whose head was understood, CONNECT included. */
  REQUESTS_TOTAL(REQUEST, COUNTER, "{request}", "Requests processed", METHOD),
  /**
   * The same requests by the status of their response. It only ever grows, and is an up-down
   * counter all the same: a counter would reach Prometheus as {@code requests_by_status_total}.
   */
  REQUESTS_BY_STATUS(REQUEST, UP_DOWN_COUNTER, "{request}", "Requests by response status", STATUS),
  /** Payload sent to destinations: message bodies and tunnel bytes. */
  BYTES_SENT_TOTAL(REQUEST, COUNTER, "{byte}", "Payload bytes sent to destinations"),
  /** Payload received from destinations: message bodies and tunnel bytes. */
  BYTES_RECEIVED_TOTAL(REQUEST, COUNTER, "{byte}", "Payload bytes received from destinations"),
  /** Requests that have no complete response yet. */
  REQUESTS_IN_PROGRESS(
      REQUEST, UP_DOWN_COUNTER, "{request}", "Requests in progress", METHOD, SCHEME),
  /** Exchanges that something went wrong with, by what and by whose doing. */
  ERRORS_TOTAL(REQUEST, COUNTER, "{error}", "Exchanges with an error", ERROR, SIDE),
  /** Tries at an upstream that have ended. */
  ATTEMPTS_TOTAL(REQUEST, COUNTER, "{attempt}", "Upstream attempts ended", OUTCOME),

  /** Until a new connection to the destination was usable: DNS, TCP, and TLS if there is any. */
  CONNECT_LATENCY_SECONDS(
      LATENCY,
      HISTOGRAM,
      "s",
      "Time to establish a connection to the destination",
      Buckets.LATENCY),
  /**
   * From the request's head sent to the first byte of the final response's head; in a tunnel, from
   * its start to the first byte from the destination.
   */
  FIRST_BYTE_LATENCY_SECONDS(
      LATENCY, HISTOGRAM, "s", "Time to the first byte from the destination", Buckets.LATENCY),
  /**
   * What the proxy added itself until it committed the response: the {@code Server-Timing} number.
   */
  PROCESSING_DURATION_SECONDS(
      LATENCY, HISTOGRAM, "s", "Time that the proxy itself added", Buckets.PROCESSING),
  /** From the first byte of a request to the start of its handling. */
  QUEUE_DURATION_SECONDS(
      LATENCY, HISTOGRAM, "s", "Time that requests waited for their handling", Buckets.PROCESSING),

  /** Tunnels that are open. */
  TUNNELS_ACTIVE(TUNNEL, UP_DOWN_COUNTER, "{tunnel}", "Tunnels open", KIND),
  /** How long tunnels were open. */
  TUNNEL_DURATION_SECONDS(TUNNEL, HISTOGRAM, "s", "Duration of tunnels", Buckets.LIFETIME, KIND),

  /** From the first byte of a request to the last byte of its response. */
  REQUEST_DURATION_SECONDS(
      GLOBAL, HISTOGRAM, "s", "Duration of requests", Buckets.REQUEST, Layers.SERVER),
  /** Bodies of requests. */
  REQUEST_SIZE_BYTES(
      GLOBAL, HISTOGRAM, "By", "Size of request bodies", Buckets.SIZE, Layers.SERVER),
  /** Bodies of responses. */
  RESPONSE_SIZE_BYTES(
      GLOBAL, HISTOGRAM, "By", "Size of response bodies", Buckets.SIZE, Layers.SERVER),

  /** From the start of a request's handling to the end of its response. */
  PROXY_DURATION_SECONDS(
      PROXY, HISTOGRAM, "s", "Duration of the proxy's work", Buckets.REQUEST, ROUTE, STAGE),

  /** From the start of an attempt to its end. */
  UPSTREAM_DURATION_SECONDS(
      BACKEND,
      HISTOGRAM,
      "s",
      "Duration of upstream attempts",
      Buckets.REQUEST,
      METHOD,
      SCHEME,
      STATUS,
      ERROR,
      PROTOCOL,
      ROUTE,
      UPSTREAM_ROUTE,
      UPSTREAM,
      SERVER_ADDRESS,
      SERVER_PORT,
      STAGE),

  /** Attempts that began. */
  UPSTREAM_REQUESTS_STARTED_TOTAL(
      ROUND_TRIP, COUNTER, "{request}", "Upstream requests started", Layers.CLIENT),
  /** Attempts that failed, for whatever reason but being cancelled. */
  UPSTREAM_REQUESTS_FAILED_TOTAL(
      ROUND_TRIP, COUNTER, "{request}", "Upstream requests failed", Layers.CLIENT),
  /** Attempts that the proxy gave up; they are not among those that failed. */
  UPSTREAM_REQUESTS_CANCELED_TOTAL(
      ROUND_TRIP, COUNTER, "{request}", "Upstream requests canceled", Layers.CLIENT),
  /** Attempts that ran out of time; they are among those that failed too. */
  UPSTREAM_REQUESTS_TIMEDOUT_TOTAL(
      ROUND_TRIP, COUNTER, "{request}", "Upstream requests timed out", Layers.CLIENT),
  /** The sum of the Content-Length headers sent; a request without one adds nothing. */
  UPSTREAM_REQUEST_LENGTH_BYTES_TOTAL(
      ROUND_TRIP, COUNTER, "{byte}", "Content-Length of upstream requests", Layers.CLIENT),
  /** From an attempt's start to the first byte of its response. */
  UPSTREAM_RESPONSE_LATENCY_SECONDS(
      ROUND_TRIP, HISTOGRAM, "s", "Time to the response", Buckets.REQUEST, Layers.CLIENT),
  /** The Content-Length headers received; a response without one is not in it. */
  UPSTREAM_RESPONSE_LENGTH_BYTES(
      ROUND_TRIP, HISTOGRAM, "By", "Content-Length of responses", Buckets.SIZE, Layers.CLIENT),

  /** Bytes of responses' bodies that were read. */
  UPSTREAM_READ_BYTES_TOTAL(
      READ_PAYLOAD, COUNTER, "{byte}", "Bytes of response bodies read", Layers.CLIENT),
  /** The same by response. */
  UPSTREAM_READ_SIZE_BYTES(
      READ_PAYLOAD, HISTOGRAM, "By", "Size of response bodies read", Buckets.SIZE, Layers.CLIENT),
  /** Time spent reading responses' bodies. */
  UPSTREAM_READ_SECONDS_TOTAL(
      READ_PAYLOAD, COUNTER, "s", "Time spent reading response bodies", Layers.CLIENT),
  /** The same by response. */
  UPSTREAM_READ_DURATION_SECONDS(
      READ_PAYLOAD, HISTOGRAM, "s", "Time to read a body", Buckets.REQUEST, Layers.CLIENT),
  /** Responses' bodies that could not be read to their end. */
  UPSTREAM_READ_ERRORS_TOTAL(
      READ_PAYLOAD, COUNTER, "{error}", "Errors while reading response bodies", Layers.CLIENT),

  /** From an attempt's start until it had a connection. */
  UPSTREAM_ACQUIRE_DURATION_SECONDS(
      DETAILED_CONNECTION,
      HISTOGRAM,
      "s",
      "Time to get a connection",
      Buckets.LATENCY,
      Layers.CLIENT),
  /** Resolving the name, where a new connection was dialled. */
  UPSTREAM_DNS_DURATION_SECONDS(
      DETAILED_CONNECTION, HISTOGRAM, "s", "Time to resolve", Buckets.LATENCY, Layers.CLIENT),
  /** The TLS handshake, where a new connection was dialled. */
  UPSTREAM_TLS_DURATION_SECONDS(
      DETAILED_CONNECTION,
      HISTOGRAM,
      "s",
      "Time of TLS handshakes",
      Buckets.LATENCY,
      Layers.CLIENT);

  /** What an instrument does with what it is told. */
  public enum Kind {
    /** A sum that only grows. */
    COUNTER,
    /** A sum that may fall. */
    UP_DOWN_COUNTER,
    /** A distribution in explicit buckets. */
    HISTOGRAM
  }

  /** Instruments that are switched on and off together. */
  public enum Group {
    /** Connections of clients. */
    CONNECTION,
    /** Requests, their outcome and their payload. */
    REQUEST,
    /** Where the time goes. */
    LATENCY,
    /** Tunnels, which are not requests. */
    TUNNEL,
    /** The whole of a request, as its client sees it: KrakenD's layer {@code global}. */
    GLOBAL,
    /** The proxy's part of a request: KrakenD's layer {@code proxy}. */
    PROXY,
    /** An upstream's part of a request: the stage of KrakenD's layer {@code backend}. */
    BACKEND,
    /** Requests to upstreams: KrakenD's {@code round_trip}. */
    ROUND_TRIP,
    /** Reading what upstreams answer: KrakenD's {@code read_payload}. */
    READ_PAYLOAD,
    /** Getting connections to upstreams: KrakenD's {@code detailed_connection}. */
    DETAILED_CONNECTION;

    /**
     * Whether it is on where nothing is said about it.
     *
     * @return {@code true} for connections, requests, latencies and tunnels
     */
    public boolean isDefault() {
      return compareTo(GLOBAL) < 0;
    }
  }

  private final Group group;
  private final Kind kind;
  private final String unit;
  private final String description;

  // Lists of List.of, whose type does not say that they are immutable.
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<Double> buckets;

  @SuppressWarnings("ImmutableEnumChecker")
  private final List<Dimension> dimensions;

  Instrument(Group group, Kind kind, String unit, String description, Dimension... dimensions) {
    this(group, kind, unit, description, List.of(), dimensions);
  }

  Instrument(
      Group group,
      Kind kind,
      String unit,
      String description,
      List<Double> buckets,
      Dimension... dimensions) {
    this.group = group;
    this.kind = kind;
    this.unit = unit;
    this.description = description;
    this.buckets = buckets;
    this.dimensions = List.of(dimensions);
  }

  /**
   * The group it is switched on and off with.
   *
   * @return the group
   */
  public Group group() {
    return group;
  }

  /**
   * What it does with what it is told.
   *
   * @return the kind
   */
  public Kind kind() {
    return kind;
  }

  /**
   * The unit of its values.
   *
   * @return the unit in UCUM notation
   */
  public String unit() {
    return unit;
  }

  /**
   * What it measures.
   *
   * @return a short phrase in English, without a full stop
   */
  public String description() {
    return description;
  }

  /**
   * The upper bounds of a histogram's buckets.
   *
   * @return bounds in {@link #unit()}, growing; empty for what is no histogram
   */
  public List<Double> buckets() {
    return buckets;
  }

  /**
   * The value of its dimension {@link Dimension#STAGE}, in the words of KrakenD.
   *
   * @return {@code global}, {@code proxy}, {@code backend} or {@code backend-request}; empty where
   *     it belongs to no layer
   */
  public String stage() {
    return switch (group) {
      case CONNECTION, REQUEST, LATENCY, TUNNEL -> "";
      case GLOBAL -> "global";
      case PROXY -> "proxy";
      case BACKEND -> "backend";
      case ROUND_TRIP, READ_PAYLOAD, DETAILED_CONNECTION -> "backend-request";
    };
  }

  /**
   * What it may be broken down by; {@link MetricNaming#key} chooses among them.
   *
   * @return the dimensions, empty for a single series
   */
  public List<Dimension> dimensions() {
    return dimensions;
  }

  /** The dimensions that the instruments of a layer share. */
  private static final class Layers {
    static final Dimension[] SERVER = {METHOD, SCHEME, STATUS, ERROR, PROTOCOL, ROUTE, STAGE};
    static final Dimension[] CLIENT = {METHOD, UPSTREAM_ROUTE, SERVER_ADDRESS, STAGE};
  }
}
