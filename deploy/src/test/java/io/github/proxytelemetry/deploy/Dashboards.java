package io.github.proxytelemetry.deploy;

import static io.github.proxytelemetry.deploy.Panel.lines;
import static io.github.proxytelemetry.deploy.Panel.number;
import static io.github.proxytelemetry.deploy.Panel.quantiles;
import static io.github.proxytelemetry.deploy.Panel.stack;

import java.util.List;

/** Dashboards by what one wants to know, each a list of panels. */
final class Dashboards {
  /**
   * Dashboard.
   *
   * @param file its file's name, and its stable id
   * @param title its title
   * @param panels from left to right, then down
   */
  record Dashboard(String file, String title, List<Panel> panels) {}

  private static final String RATE = "sum(rate(${%s}{SELECTOR}[WINDOW]))";

  static List<Dashboard> all() {
    return List.of(overview(), depth(), layers(), exporters());
  }

  private static Dashboard overview() {
    return new Dashboard(
        "overview",
        "Proxy: overview",
        List.of(
            number("Requests", "Requests a second.", "reqps", rate("REQUESTS_TOTAL")),
            number(
                "Errors",
                "Share of requests that were answered with 5xx, or not at all.",
                "percentunit",
                "(" + errors() + " or vector(0)) / " + rate("REQUESTS_TOTAL")),
            number(
                "Added by us",
                "95 % of requests have less of the proxy's own time.",
                "s",
                quantile("PROCESSING_DURATION_SECONDS")),
            number(
                "First byte of origins",
                "95 % of attempts have less.",
                "s",
                quantile("FIRST_BYTE_LATENCY_SECONDS")),
            number(
                "In progress",
                "Requests that have no whole response yet.",
                "short",
                "sum(${REQUESTS_IN_PROGRESS}{SELECTOR})"),
            number(
                "Connections",
                "Client connections that are open.",
                "short",
                "sum(${CONNECTIONS_ACTIVE}{SELECTOR})"),
            stack(
                "Requests by status",
                "Requests a second. aborted: the client left; none: no response was sent.",
                "reqps",
                "sum by (${REQUESTS_BY_STATUS.STATUS})"
                    + " (rate(${REQUESTS_BY_STATUS}{SELECTOR}[WINDOW]))",
                "{{${REQUESTS_BY_STATUS.STATUS}}}"),
            lines(
                "Us against the origin",
                "p95 of the proxy's own time, of connecting, and of the first byte.",
                "s",
                quantile("PROCESSING_DURATION_SECONDS"),
                "us",
                quantile("CONNECT_LATENCY_SECONDS"),
                "origin: connect",
                quantile("FIRST_BYTE_LATENCY_SECONDS"),
                "origin: first byte"),
            stack(
                "Errors by error and side",
                "Failed exchanges a second by their first error, and who caused it.",
                "short",
                "sum by (${ERRORS_TOTAL.ERROR}, ${ERRORS_TOTAL.SIDE})"
                    + " (rate(${ERRORS_TOTAL}{SELECTOR}[WINDOW]))",
                "{{${ERRORS_TOTAL.SIDE}}}: {{${ERRORS_TOTAL.ERROR}}}"),
            lines(
                "Payload",
                "Bytes a second to and from origins.",
                "Bps",
                rate("BYTES_SENT_TOTAL"),
                "to origins",
                rate("BYTES_RECEIVED_TOTAL"),
                "from origins")));
  }

  private static Dashboard depth() {
    return new Dashboard(
        "depth",
        "Proxy: us against the origin",
        List.of(
            stack(
                "Where the time goes",
                "Seconds of waiting for a response head, per second: the proxy's own, connecting,"
                    + " and the origin's first byte.",
                "s",
                rate("PROCESSING_DURATION_SECONDS", "_sum"),
                "us",
                rate("CONNECT_LATENCY_SECONDS", "_sum"),
                "origin: connect",
                rate("FIRST_BYTE_LATENCY_SECONDS", "_sum"),
                "origin: first byte"),
            lines(
                "Attempts by outcome",
                "Attempts a second; more than requests are retries and hedges.",
                "short",
                "sum by (${ATTEMPTS_TOTAL.OUTCOME}) (rate(${ATTEMPTS_TOTAL}{SELECTOR}[WINDOW]))",
                "{{${ATTEMPTS_TOTAL.OUTCOME}}}"),
            lines(
                "Failed attempts by upstream",
                "A second, with those that timed out. Upstreams without a name are one line.",
                "short",
                "sum by (${ATTEMPTS_TOTAL.UPSTREAM}) (rate(${ATTEMPTS_TOTAL}"
                    + "{${ATTEMPTS_TOTAL.OUTCOME}=~\"failed|timeout\",SELECTOR}[WINDOW]))",
                "{{${ATTEMPTS_TOTAL.UPSTREAM}}}"),
            lines(
                "First byte by upstream, p95",
                "From the sent request to the first byte of the answer.",
                "s",
                by("FIRST_BYTE_LATENCY_SECONDS", "UPSTREAM"),
                "{{${FIRST_BYTE_LATENCY_SECONDS.UPSTREAM}}}"),
            quantiles("Our own time", "As in Server-Timing.", "PROCESSING_DURATION_SECONDS"),
            quantiles(
                "Waiting for the handler",
                "Time in a queue before the host began to work. Part of our own.",
                "QUEUE_DURATION_SECONDS"),
            quantiles(
                "Connecting to origins",
                "New connections only: TCP, and TLS if any.",
                "CONNECT_LATENCY_SECONDS"),
            quantiles(
                "First byte of origins",
                "From the sent request to the first byte of the answer.",
                "FIRST_BYTE_LATENCY_SECONDS"),
            lines(
                "TLS handshakes, p95",
                "With clients (downstream) and with origins (upstream).",
                "s",
                "histogram_quantile(0.95, sum by (le, ${TLS_HANDSHAKE_DURATION_SECONDS.SIDE})"
                    + " (rate(${TLS_HANDSHAKE_DURATION_SECONDS}_bucket{SELECTOR}[WINDOW])))",
                "{{${TLS_HANDSHAKE_DURATION_SECONDS.SIDE}}}"),
            lines(
                "Client connections",
                "Open, and new ones a second.",
                "short",
                "sum(${CONNECTIONS_ACTIVE}{SELECTOR})",
                "open",
                rate("CONNECTIONS_TOTAL"),
                "new, a second"),
            quantiles(
                "Lifetime of client connections",
                "Of those that ended.",
                "CONNECTIONS_DURATION_SECONDS"),
            lines(
                "Connections to origins",
                "Open, and new ones a second, by upstream.",
                "short",
                "sum by (${UPSTREAM_CONNECTIONS_ACTIVE.UPSTREAM})"
                    + " (${UPSTREAM_CONNECTIONS_ACTIVE}{SELECTOR})",
                "{{${UPSTREAM_CONNECTIONS_ACTIVE.UPSTREAM}}} open",
                "sum by (${UPSTREAM_CONNECTIONS_TOTAL.UPSTREAM})"
                    + " (rate(${UPSTREAM_CONNECTIONS_TOTAL}{SELECTOR}[WINDOW]))",
                "{{${UPSTREAM_CONNECTIONS_TOTAL.UPSTREAM}}} new, a second"),
            quantiles(
                "Lifetime of connections to origins",
                "Of those that ended.",
                "UPSTREAM_CONNECTIONS_DURATION_SECONDS"),
            lines(
                "Bytes on the wire",
                "With TLS and heads, a second.",
                "Bps",
                "sum by (${CONNECTION_IO_BYTES_TOTAL.SIDE}, ${CONNECTION_IO_BYTES_TOTAL.DIRECTION})"
                    + " (rate(${CONNECTION_IO_BYTES_TOTAL}{SELECTOR}[WINDOW]))",
                "{{${CONNECTION_IO_BYTES_TOTAL.SIDE}}} {{${CONNECTION_IO_BYTES_TOTAL.DIRECTION}}}"),
            lines(
                "Tunnels",
                "Open, by kind.",
                "short",
                "sum by (${TUNNELS_ACTIVE.KIND}) (${TUNNELS_ACTIVE}{SELECTOR})",
                "{{${TUNNELS_ACTIVE.KIND}}}"),
            quantiles("Lifetime of tunnels", "Of those that ended.", "TUNNEL_DURATION_SECONDS"),
            lines(
                "Requests by method",
                "A second.",
                "reqps",
                "sum by (${REQUESTS_TOTAL.METHOD}) (rate(${REQUESTS_TOTAL}{SELECTOR}[WINDOW]))",
                "{{${REQUESTS_TOTAL.METHOD}}}")));
  }

  private static Dashboard layers() {
    return new Dashboard(
        "layers",
        "Proxy: routes and upstreams",
        List.of(
            lines(
                "Requests by route, p95",
                "Needs the metrics of the layer GLOBAL.",
                "s",
                by("REQUEST_DURATION_SECONDS", "ROUTE"),
                "{{${REQUEST_DURATION_SECONDS.ROUTE}}}"),
            lines(
                "The proxy's work by route, p95",
                "Needs the layer PROXY.",
                "s",
                by("PROXY_DURATION_SECONDS", "ROUTE"),
                "{{${PROXY_DURATION_SECONDS.ROUTE}}}"),
            lines(
                "Upstream attempts, p95",
                "By upstream. Needs the layer BACKEND.",
                "s",
                by("UPSTREAM_DURATION_SECONDS", "SERVER_ADDRESS"),
                "{{${UPSTREAM_DURATION_SECONDS.SERVER_ADDRESS}}}"),
            lines(
                "Response heads, p95",
                "By upstream. Needs the layer ROUND_TRIP.",
                "s",
                by("UPSTREAM_RESPONSE_LATENCY_SECONDS", "SERVER_ADDRESS"),
                "{{${UPSTREAM_RESPONSE_LATENCY_SECONDS.SERVER_ADDRESS}}}"),
            lines(
                "Upstream requests",
                "A second: started, failed, timed out, canceled.",
                "reqps",
                rate("UPSTREAM_REQUESTS_STARTED_TOTAL"),
                "started",
                rate("UPSTREAM_REQUESTS_FAILED_TOTAL"),
                "failed",
                rate("UPSTREAM_REQUESTS_TIMEDOUT_TOTAL"),
                "timed out",
                rate("UPSTREAM_REQUESTS_CANCELED_TOTAL"),
                "canceled"),
            lines(
                "Getting a connection, p95",
                "Needs the layer DETAILED_CONNECTION.",
                "s",
                quantile("UPSTREAM_ACQUIRE_DURATION_SECONDS"),
                "in all",
                quantile("UPSTREAM_DNS_DURATION_SECONDS"),
                "name lookup",
                quantile("UPSTREAM_TLS_DURATION_SECONDS"),
                "TLS"),
            quantiles(
                "Reading response bodies",
                "Needs the layer READ_PAYLOAD.",
                "UPSTREAM_READ_DURATION_SECONDS"),
            lines(
                "Bytes of response bodies",
                "A second.",
                "Bps",
                rate("UPSTREAM_READ_BYTES_TOTAL"),
                "read",
                rate("UPSTREAM_READ_ERRORS_TOTAL"),
                "errors")));
  }

  private static Dashboard exporters() {
    return new Dashboard(
        "exporters",
        "Proxy: its telemetry",
        List.of(
            lines(
                "Exports by outcome",
                "A second, by exporter.",
                "short",
                "sum by (exporter, signal, outcome)"
                    + " (rate(${telemetry}exports_total{SELECTOR}[WINDOW]))",
                "{{exporter}} {{signal}}: {{outcome}}"),
            lines(
                "Delivered and dropped",
                "Spans and data points a second.",
                "short",
                "sum by (exporter, signal)"
                    + " (rate(${telemetry}items_delivered_total{SELECTOR}[WINDOW]))",
                "{{exporter}} {{signal}}: delivered",
                "sum by (exporter, reason)"
                    + " (rate(${telemetry}items_dropped_total{SELECTOR}[WINDOW]))",
                "{{exporter}}: {{reason}}"),
            lines(
                "Queued spans",
                "They wait for an export; the queue is bounded.",
                "short",
                "sum by (exporter, signal) (${telemetry}items_queued{SELECTOR})",
                "{{exporter}} {{signal}}"),
            lines(
                "Faults",
                "A second. Late calls that grow with traffic point to an error in the host.",
                "short",
                "sum(rate(${telemetry}errors_total{SELECTOR}[WINDOW]))",
                "errors kept away from traffic",
                "sum by (callback) (rate(${telemetry}callback_errors_total{SELECTOR}[WINDOW]))",
                "callback {{callback}}",
                "sum by (limit) (rate(${telemetry}series_overflow_total{SELECTOR}[WINDOW]))",
                "overflow of {{limit}}",
                "sum by (call) (rate(${telemetry}late_calls_total{SELECTOR}[WINDOW]))",
                "late {{call}}"),
            number(
                "Guard tripped",
                "Replicas whose telemetry is off for a while, after repeated errors.",
                "short",
                "sum(${telemetry}guard_tripped{SELECTOR})")));
  }

  private static String rate(String instrument) {
    return RATE.formatted(instrument);
  }

  private static String rate(String instrument, String suffix) {
    return "sum(rate(${%s}%s{SELECTOR}[WINDOW]))".formatted(instrument, suffix);
  }

  private static String errors() {
    return "sum(rate(${REQUESTS_BY_STATUS}{${REQUESTS_BY_STATUS.STATUS}=~\"5..|none\","
        + "SELECTOR}[WINDOW]))";
  }

  private static String quantile(String instrument) {
    return "histogram_quantile(0.95, sum by (le) (rate(${%s}_bucket{SELECTOR}[WINDOW])))"
        .formatted(instrument);
  }

  private static String by(String instrument, String dimension) {
    return ("histogram_quantile(0.95, sum by (le, ${%1$s.%2$s})"
            + " (rate(${%1$s}_bucket{SELECTOR}[WINDOW])))")
        .formatted(instrument, dimension);
  }

  private Dashboards() {}
}
