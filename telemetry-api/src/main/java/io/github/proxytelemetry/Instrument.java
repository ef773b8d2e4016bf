package io.github.proxytelemetry;

import static io.github.proxytelemetry.Instrument.Group.CONNECTION;
import static io.github.proxytelemetry.Instrument.Group.LATENCY;
import static io.github.proxytelemetry.Instrument.Group.REQUEST;
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
      CONNECTION, HISTOGRAM, "s", "Duration of TLS handshakes", Buckets.LATENCY, Dimension.SIDE),
  /** Bytes on the wire, TLS and framing included, on either side. */
  CONNECTION_IO_BYTES_TOTAL(
      CONNECTION,
      COUNTER,
      "{byte}",
      "Bytes on the wire of connections",
      Dimension.DIRECTION,
      Dimension.SIDE),

  /** Requests whose head was understood, CONNECT included. */
  REQUESTS_TOTAL(REQUEST, COUNTER, "{request}", "Requests processed", Dimension.METHOD),
  /**
   * The same requests by the status of their response. It only ever grows, and is an up-down
   * counter all the same: a counter would reach Prometheus as {@code requests_by_status_total}.
   */
  REQUESTS_BY_STATUS(
      REQUEST, UP_DOWN_COUNTER, "{request}", "Requests by response status", Dimension.STATUS),
  /** Payload sent to destinations: message bodies and tunnel bytes. */
  BYTES_SENT_TOTAL(REQUEST, COUNTER, "{byte}", "Payload bytes sent to destinations"),
  /** Payload received from destinations: message bodies and tunnel bytes. */
  BYTES_RECEIVED_TOTAL(REQUEST, COUNTER, "{byte}", "Payload bytes received from destinations"),
  /** Requests that have no complete response yet. */
  REQUESTS_IN_PROGRESS(REQUEST, UP_DOWN_COUNTER, "{request}", "Requests in progress"),
  /** Exchanges that something went wrong with, by what and by whose doing. */
  ERRORS_TOTAL(
      REQUEST, COUNTER, "{error}", "Exchanges with an error", Dimension.ERROR, Dimension.SIDE),
  /** Tries at an upstream that have ended. */
  ATTEMPTS_TOTAL(REQUEST, COUNTER, "{attempt}", "Upstream attempts ended", Dimension.OUTCOME),

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
  TUNNELS_ACTIVE(TUNNEL, UP_DOWN_COUNTER, "{tunnel}", "Tunnels open", Dimension.KIND),
  /** How long tunnels were open. */
  TUNNEL_DURATION_SECONDS(
      TUNNEL, HISTOGRAM, "s", "Duration of tunnels", Buckets.LIFETIME, Dimension.KIND);

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
    TUNNEL
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
   * What it is broken down by.
   *
   * @return the dimensions, empty for a single series
   */
  public List<Dimension> dimensions() {
    return dimensions;
  }

  private static final class Buckets {
    /** Network round trips, from one in a rack to one that times out. */
    static final List<Double> LATENCY =
        List.of(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0);

    /** A proxy's own work, which should be far below a millisecond. */
    static final List<Double> PROCESSING =
        List.of(0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0);

    /** Connections and tunnels: from one request to a day. */
    static final List<Double> LIFETIME =
        List.of(0.01, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 14400.0, 86400.0);
  }
}
