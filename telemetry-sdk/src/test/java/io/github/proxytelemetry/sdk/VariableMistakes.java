package io.github.proxytelemetry.sdk;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Invalid variables, each with its error message. */
final class VariableMistakes {
  static final String SECRET = "planted-secret";
  private static final String PEM = "-----BEGIN PRIVATE KEY-----\\n" + SECRET;
  static final String HOST = "127.0.0.1:4317";
  private static final String URLS =
      "; expected host:port, http://host:port or https://host:port, or empty for the value of"
          + " OTEL_EXPORTER_OTLP_ENDPOINT";
  private static final String PAIRS =
      "; expected name=value pairs separated by commas, percent-encoded where needed";

  static Stream<Arguments> standard() {
    return Stream.of(
        wrong(
            "OTEL_METRICS_EXPORTER: invalid value \"otlp,none\"; expected otlp, prometheus, or"
                + " none alone",
            "OTEL_METRICS_EXPORTER=otlp,none"),
        wrong(
            "OTEL_EXPORTER_OTLP_ENDPOINT: invalid value \"c\"" + URLS,
            "OTEL_EXPORTER_OTLP_ENDPOINT=c"),
        wrong(
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: invalid value \"https://***@c/?***\"" + URLS,
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=https://u:" + SECRET + "@c/?k=" + SECRET),
        wrong(
            "OTEL_EXPORTER_OTLP_ENDPOINT: invalid value \"http://c:1/x\"; expected a path only with http()"
                + " and for one signal",
            "OTEL_EXPORTER_OTLP_ENDPOINT=http://c:1/x"),
        wrong(
            "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: invalid value \"soon\"; expected a whole"
                + " number from 1 to 2147483647",
            "OTEL_METRICS_EXPORTER=otlp",
            "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT=soon"),
        wrong(
            "OTEL_EXPORTER_OTLP_HEADERS: part 2 is not name=value" + PAIRS,
            "OTEL_TRACES_EXPORTER=otlp",
            "OTEL_EXPORTER_OTLP_HEADERS=a=b," + SECRET),
        wrong(
            "OTEL_EXPORTER_OTLP_HEADERS: part 1 has a % without two hexadecimal digits" + PAIRS,
            "OTEL_TRACES_EXPORTER=otlp",
            "OTEL_EXPORTER_OTLP_HEADERS=a=" + SECRET + "%"),
        wrong(
            "OTEL_EXPORTER_OTLP_HEADERS: part 1 is not UTF-8" + PAIRS,
            "OTEL_TRACES_EXPORTER=otlp",
            "OTEL_EXPORTER_OTLP_HEADERS=a=" + SECRET + "%ff"),
        wrong(
            "OTEL_EXPORTER_OTLP_HEADERS: otlp header name: invalid value ***; expected letters,"
                + " digits and !#$%&'*+-.^_`|~",
            "OTEL_TRACES_EXPORTER=otlp", "OTEL_EXPORTER_OTLP_HEADERS=" + SECRET + " x=b"),
        wrong(
            "OTEL_EXPORTER_OTLP_HEADERS: otlp header a: invalid value ***; expected visible"
                + " ASCII, spaces and tabs",
            "OTEL_TRACES_EXPORTER=otlp",
            "OTEL_EXPORTER_OTLP_HEADERS=a=" + SECRET + "%0A"),
        wrong(
            "OTEL_EXPORTER_OTLP_CERTIFICATE (file no-such.pem): does not exist; expected the name"
                + " of a PEM file",
            "OTEL_EXPORTER_OTLP_ENDPOINT=https://127.0.0.1:1",
            "OTEL_EXPORTER_OTLP_CERTIFICATE=no-such.pem"),
        wrong(
            "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE (file a.pem): is given without a client key;"
                + " expected both or neither",
            "OTEL_EXPORTER_OTLP_ENDPOINT=https://127.0.0.1:1",
            "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE=a.pem"),
        wrong(
            "OTEL_EXPORTER_OTLP_CLIENT_KEY: is given without a client certificate; expected both"
                + " or neither",
            "OTEL_EXPORTER_OTLP_ENDPOINT=https://127.0.0.1:1",
            "OTEL_EXPORTER_OTLP_CLIENT_KEY=" + PEM),
        wrong(
            "OTEL_EXPORTER_OTLP_ENDPOINT: invalid value \"http://127.0.0.1:4317\", which is plaintext;"
                + " expected https://host:port with tls",
            "OTEL_EXPORTER_OTLP_ENDPOINT=http://" + HOST,
            "OTEL_EXPORTER_OTLP_CERTIFICATE=a.pem"),
        wrong(
            "OTEL_EXPORTER_OTLP_INSECURE: invalid value \"true\"; expected false with the"
                + " scheme of OTEL_EXPORTER_OTLP_ENDPOINT",
            "OTEL_EXPORTER_OTLP_ENDPOINT=https://" + HOST,
            "OTEL_EXPORTER_OTLP_INSECURE=true"),
        wrong(
            "OTEL_EXPORTER_OTLP_INSECURE: invalid value \"false\"; expected true with the"
                + " scheme of OTEL_EXPORTER_OTLP_ENDPOINT",
            "OTEL_EXPORTER_OTLP_ENDPOINT=http://" + HOST,
            "OTEL_EXPORTER_OTLP_INSECURE=false"),
        wrong(
            "OTEL_RESOURCE_ATTRIBUTES: part 1 is not name=value" + PAIRS,
            "OTEL_TRACES_EXPORTER=otlp",
            "OTEL_RESOURCE_ATTRIBUTES=a"),
        wrong(
            "OTEL_EXPORTER_PROMETHEUS_PORT: invalid value \"http\"; expected a whole number"
                + " from 0 to 65535",
            "OTEL_METRICS_EXPORTER=prometheus",
            "OTEL_EXPORTER_PROMETHEUS_PORT=http"),
        wrong(
            "OTEL_EXPORTER_PROMETHEUS_HOST: invalid value \"192.0.2.1\"; expected an address"
                + " of this machine, such as 127.0.0.1",
            "OTEL_METRICS_EXPORTER=prometheus",
            "OTEL_EXPORTER_PROMETHEUS_HOST=192.0.2.1"),
        wrong(
            "OTEL_TRACES_SAMPLER_ARG: invalid value \"NaN\"; expected a number from 0.0 to 1.0",
            "OTEL_TRACES_EXPORTER=otlp",
            "OTEL_TRACES_SAMPLER=traceidratio",
            "OTEL_TRACES_SAMPLER_ARG=NaN"),
        wrong(
            "OTEL_METRIC_EXPORT_INTERVAL: invalid value \"0\"; expected a whole number from 1"
                + " to 2147483647",
            "OTEL_METRICS_EXPORTER=otlp",
            "OTEL_METRIC_EXPORT_INTERVAL=0"),
        wrong(
            "OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS: known methods: invalid value \"A B\";"
                + " expected a name such as PROPFIND",
            "OTEL_METRICS_EXPORTER=otlp",
            "OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS=GET,A B"));
  }

  static Stream<Arguments> ours() {
    return Stream.of(
        wrong(
            "PROXY_TRACING_RATE: is unknown; expected PROXY_TRACING_ENABLED,"
                + " PROXY_TRACING_ENDPOINT, PROXY_TRACING_SAMPLE_RATE",
            "PROXY_TRACING_RATE=1"),
        wrong(
            "PROXY_TELEMETRY_CA: is unknown; expected PROXY_TELEMETRY_ENDPOINT,"
                + " PROXY_TELEMETRY_PROTOCOL, PROXY_TELEMETRY_SERVICE_NAME,"
                + " PROXY_TELEMETRY_PROPAGATORS, PROXY_TELEMETRY_GRPC_INSECURE,"
                + " PROXY_TELEMETRY_ENABLE_METRICS, PROXY_TELEMETRY_TRACE_ID_GENERATOR,"
                + " PROXY_TELEMETRY_SERVER_CERT, PROXY_TELEMETRY_CLIENT_CERT,"
                + " PROXY_TELEMETRY_CLIENT_KEY, PROXY_TELEMETRY_NAMING,"
                + " PROXY_TELEMETRY_METRIC_PREFIX, PROXY_TELEMETRY_PROXY_STATUS,"
                + " PROXY_TELEMETRY_KNOWN_METHODS, PROXY_TELEMETRY_LAYERS,"
                + " PROXY_TELEMETRY_SKIP_PATHS, PROXY_TELEMETRY_PRIVACY, PROXY_TELEMETRY_TRUST,"
                + " PROXY_TELEMETRY_SERVER_TIMING, PROXY_TELEMETRY_ACCESS_LOG,"
                + " PROXY_TELEMETRY_CAPTURE_REQUEST_HEADERS,"
                + " PROXY_TELEMETRY_CAPTURE_RESPONSE_HEADERS,"
                + " PROXY_TELEMETRY_CAPTURE_DESTINATIONS, PROXY_TELEMETRY_CAPTURE_QUERY,"
                + " PROXY_TELEMETRY_CAPTURE_CLIENT_ADDRESS, PROXY_TELEMETRY_SAMPLING_RULES,"
                + " PROXY_TELEMETRY_SAMPLING_KEEP_SLOWER_THAN,"
                + " PROXY_TELEMETRY_SAMPLING_MAX_PER_SECOND",
            "PROXY_TELEMETRY_CA="),
        wrong(
            "PROXY_TRACING_ENDPOINT: invalid value \"\", and OTEL_EXPORTER_OTLP_ENDPOINT and"
                + " OTEL_EXPORTER_OTLP_TRACES_ENDPOINT are empty; expected host:port,"
                + " http://host:port or https://host:port in one of them",
            "PROXY_TRACING_ENABLED=1"),
        wrong(
            "PROXY_TRACING_ENDPOINT: invalid value \"collector\"" + URLS,
            "PROXY_TRACING_ENABLED=1",
            "PROXY_TRACING_ENDPOINT=collector"),
        wrong(
            "PROXY_TRACING_SAMPLE_RATE: invalid value \"-0.1\"; expected a number from 0.0 to"
                + " 1.0",
            "PROXY_TRACING_ENABLED=1",
            "PROXY_TRACING_ENDPOINT=" + HOST,
            "PROXY_TRACING_SAMPLE_RATE=-0.1"),
        wrong(
            "OTEL_EXPORTER_OTLP_PROTOCOL: invalid value \"http/protobuf\"; expected grpc with"
                + " PROXY_TRACING_ENABLED",
            "PROXY_TRACING_ENABLED=1",
            "PROXY_TRACING_ENDPOINT=" + HOST,
            "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"),
        wrong(
            "PROXY_TELEMETRY_ENDPOINT: invalid value \"127.0.0.1:4317\"; expected none with"
                + " PROXY_TRACING_ENABLED",
            "PROXY_TRACING_ENABLED=1",
            "PROXY_TRACING_ENDPOINT=" + HOST,
            "PROXY_TELEMETRY_ENDPOINT=" + HOST),
        wrong(
            "PROXY_TELEMETRY_ENDPOINT: invalid value \"https://***@c\"" + URLS,
            "PROXY_TELEMETRY_ENDPOINT=https://u:" + SECRET + "@c"),
        wrong(
            "PROXY_TELEMETRY_PROTOCOL: invalid value \"https\"; expected no TLS with"
                + " PROXY_TELEMETRY_ENDPOINT",
            "PROXY_TELEMETRY_ENDPOINT=http://" + HOST,
            "PROXY_TELEMETRY_PROTOCOL=https"),
        wrong(
            "PROXY_TELEMETRY_GRPC_INSECURE: invalid value \"false\"; expected no TLS with"
                + " PROXY_TELEMETRY_ENDPOINT",
            "PROXY_TELEMETRY_ENDPOINT=http://" + HOST,
            "PROXY_TELEMETRY_GRPC_INSECURE=false"),
        wrong(
            "PROXY_TELEMETRY_ENDPOINT: invalid value \"http://127.0.0.1:4317\", which is plaintext;"
                + " expected https://host:port with tls",
            "PROXY_TELEMETRY_ENDPOINT=http://" + HOST,
            "PROXY_TELEMETRY_SERVER_CERT=" + PEM),
        wrong(
            "PROXY_TELEMETRY_NAMING: invalid value \"zipkin\"; expected privacy_proxy, krakend,"
                + " krakend_otel, semconv",
            "PROXY_TELEMETRY_NAMING=zipkin"),
        wrong(
            "PROXY_TELEMETRY_NAMING: invalid value \"krakend\"; expected privacy_proxy with"
                + " PROXY_TELEMETRY_METRIC_PREFIX",
            "PROXY_TELEMETRY_NAMING=krakend",
            "PROXY_TELEMETRY_METRIC_PREFIX=a_"),
        wrong(
            "PROXY_TELEMETRY_METRIC_PREFIX: metric prefix: invalid value \"a-\"; expected letters,"
                + " digits and underscores, not starting with a digit",
            "PROXY_TELEMETRY_METRIC_PREFIX=a-"),
        wrong(
            "PROXY_TELEMETRY_LAYERS: invalid value \"global,router\"; expected global, proxy,"
                + " backend, round_trip, read_payload, detailed_connection, or all or none",
            "PROXY_TELEMETRY_LAYERS=global,router"),
        wrong(
            "PROXY_TELEMETRY_SKIP_PATHS: invalid value \"health\"; expected a path such as"
                + " /foo/{bar}, which may end in / for all below",
            "PROXY_TELEMETRY_SKIP_PATHS=health"),
        wrong(
            "PROXY_TELEMETRY_PRIVACY: invalid value \"high\"; expected standard, strict",
            "PROXY_TELEMETRY_PRIVACY=high"),
        wrong(
            "PROXY_TELEMETRY_TRUST: invalid value \"some\"; expected continue, link, restart,"
                + " ignore",
            "PROXY_TELEMETRY_TRUST=some"),
        wrong(
            "PROXY_TELEMETRY_SERVER_TIMING: invalid value \"off\"; expected true or false",
            "PROXY_TELEMETRY_SERVER_TIMING=off"),
        wrong(
            "PROXY_TELEMETRY_SAMPLING_RULES: invalid value \"/a\"; expected rules such as GET"
                + " /health=0 or /orders/{id}=1.0, separated by commas",
            "PROXY_TELEMETRY_ENDPOINT=" + HOST,
            "PROXY_TELEMETRY_SAMPLING_RULES=/a"),
        wrong(
            "PROXY_TELEMETRY_SAMPLING_RULES: invalid value \"2\"; expected a number from 0.0 to 1.0",
            "PROXY_TELEMETRY_ENDPOINT=" + HOST,
            "PROXY_TELEMETRY_SAMPLING_RULES=/a=2"),
        wrong(
            "PROXY_TELEMETRY_SAMPLING_MAX_PER_SECOND: invalid value \"-1\"; expected a number from"
                + " 0.0 to 1000000.0",
            "PROXY_TELEMETRY_ENDPOINT=" + HOST,
            "PROXY_TELEMETRY_SAMPLING_MAX_PER_SECOND=-1"),
        wrong(
            "PROXY_TELEMETRY_PROTOCOL: invalid value \"udp\"; expected grpc, https, http or"
                + " http/protobuf",
            "PROXY_TELEMETRY_ENDPOINT=" + HOST,
            "PROXY_TELEMETRY_PROTOCOL=udp"),
        wrong(
            "PROXY_TELEMETRY_PROTOCOL: invalid value \"http\"; expected grpc or https with"
                + " PROXY_TELEMETRY_SERVER_CERT",
            "PROXY_TELEMETRY_ENDPOINT=" + HOST,
            "PROXY_TELEMETRY_PROTOCOL=http",
            "PROXY_TELEMETRY_SERVER_CERT=" + PEM),
        wrong(
            "PROXY_TELEMETRY_PROTOCOL: invalid value \"http\"; expected grpc or https with"
                + " PROXY_TELEMETRY_GRPC_INSECURE=false",
            "PROXY_TELEMETRY_ENDPOINT=" + HOST,
            "PROXY_TELEMETRY_PROTOCOL=http",
            "PROXY_TELEMETRY_GRPC_INSECURE=false"),
        wrong(
            "PROXY_TELEMETRY_GRPC_INSECURE: invalid value \"true\"; expected false with"
                + " PROXY_TELEMETRY_CLIENT_CERT",
            "PROXY_TELEMETRY_ENDPOINT=" + HOST,
            "PROXY_TELEMETRY_GRPC_INSECURE=true",
            "PROXY_TELEMETRY_CLIENT_CERT=" + PEM),
        wrong(
            "PROXY_TELEMETRY_CLIENT_CERT: is given without a client key; expected both or"
                + " neither",
            "PROXY_TELEMETRY_ENDPOINT=" + HOST,
            "PROXY_TELEMETRY_CLIENT_CERT=" + PEM),
        wrong(
            "PROXY_TELEMETRY_CLIENT_KEY: is given without a client certificate; expected both"
                + " or neither",
            "PROXY_TELEMETRY_ENDPOINT=" + HOST,
            "PROXY_TELEMETRY_CLIENT_KEY=" + PEM),
        wrong(
            "PROXY_TELEMETRY_ENABLE_METRICS: invalid value \"yes\"; expected true or false",
            "PROXY_TELEMETRY_ENDPOINT=" + HOST,
            "PROXY_TELEMETRY_ENABLE_METRICS=yes"),
        wrong(
            "PROXY_TELEMETRY_TRACE_ID_GENERATOR: invalid value \"uuid\"; expected xray or"
                + " random",
            "PROXY_TELEMETRY_ENDPOINT=" + HOST,
            "PROXY_TELEMETRY_TRACE_ID_GENERATOR=uuid"),
        wrong(
            "PROXY_TELEMETRY_PROPAGATORS: invalid value \"w3c\"; expected tracecontext,"
                + " baggage, b3, b3multi, jaeger, xray, ottrace, or none alone",
            "PROXY_TELEMETRY_ENDPOINT=" + HOST,
            "PROXY_TELEMETRY_PROPAGATORS=w3c"));
  }

  private VariableMistakes() {}

  private static Arguments wrong(String message, String... assignments) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (String assignment : assignments) {
      int equals = assignment.indexOf('=');
      variables.put(assignment.substring(0, equals), assignment.substring(equals + 1));
    }
    return Arguments.of(message, variables);
  }
}
