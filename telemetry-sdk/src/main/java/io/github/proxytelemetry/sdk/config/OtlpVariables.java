package io.github.proxytelemetry.sdk.config;

import io.github.proxytelemetry.sdk.export.OtlpSpec;
import io.github.proxytelemetry.sdk.export.SdkSpec;
import io.opentelemetry.sdk.metrics.export.AggregationTemporalitySelector;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reader of {@code OTEL_EXPORTER_OTLP_*} for one signal, whose own variables come first. */
final class OtlpVariables {
  static final String ALL = "OTEL_EXPORTER_OTLP_";
  private static final String ENDPOINT = "ENDPOINT";
  private static final String INSECURE = "INSECURE";
  private static final String[] TLS = {"CERTIFICATE", "CLIENT_CERTIFICATE", "CLIENT_KEY"};
  private static final String[] OPTIONS = {"HEADERS", "TIMEOUT", "COMPRESSION"};
  // For metrics only, whichever signal this reader is for.
  private static final String TEMPORALITY = "METRICS_TEMPORALITY_PREFERENCE";
  private static final String HISTOGRAMS = "METRICS_DEFAULT_HISTOGRAM_AGGREGATION";
  private static final String GRPC = "grpc";
  private static final String HTTP = "http/protobuf";
  private static final String EXPONENTIAL = "base2_exponential_bucket_histogram";

  private final EffectiveConfig config;
  private final String signal;
  private final Notices notices;

  /** {@code signal} is {@code traces} or {@code metrics}. */
  OtlpVariables(EffectiveConfig config, String signal, Notices notices) {
    this.config = config;
    this.signal = signal;
    this.notices = notices;
  }

  /** Whether there is an endpoint, which switches an exporter on. */
  boolean hasEndpoint() {
    return get(ENDPOINT) != null;
  }

  /** Whether this signal has no variable of its own, so that one exporter can serve both. */
  boolean isGeneral() {
    return !hasOwn(ENDPOINT, "PROTOCOL", INSECURE) && !hasOwnOptions() && !hasPath(endpoint());
  }

  /** Whether this signal has an option of its own, other than its endpoint and its protocol. */
  boolean hasOwnOptions() {
    return hasOwn(OPTIONS) || hasOwn(TLS);
  }

  private boolean hasOwn(String... names) {
    return Stream.of(names).anyMatch(name -> config.get(own(name)) != null);
  }

  /** A variable of TLS, {@code null} if there is none. */
  @Nullable ConfigValue anyCertificate() {
    for (String name : TLS) {
      ConfigValue value = get(name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  boolean isHttp() {
    ConfigValue protocol = get("PROTOCOL");
    String name = protocol == null ? GRPC : protocol.word();
    // imgproxy also reads the values of its earlier PROTOCOL here.
    if (name.equals(HTTP) || (config.isImgproxy() && name.matches("https?"))) {
      return true;
    }
    if (protocol != null && !name.equals(GRPC)) {
      notices.ignored(protocol, GRPC + " or " + HTTP);
    }
    return false;
  }

  @Nullable ConfigValue get(String name) {
    ConfigValue own = config.get(own(name));
    return own == null ? config.get(ALL + name) : own;
  }

  /** Adds an exporter for one signal or for both. */
  OtlpSpec add(SdkSpec sdk, @Nullable String name, boolean traces, boolean metrics) {
    ConfigValue given = get(ENDPOINT);
    String endpoint = endpoint();
    boolean exact = config.get(own(ENDPOINT)) != null;
    if (isHttp() && !exact && hasPath(endpoint)) {
      // The specification: the endpoint for all signals is a base URL, also with a path.
      endpoint = (endpoint.endsWith("/") ? endpoint : endpoint + '/') + "v1/" + signal;
    }
    OtlpSpec otlp = new OtlpSpec(endpoint);
    otlp.origin = given == null ? ALL + ENDPOINT : given.key();
    otlp.exact = exact;
    otlp.http = isHttp();
    otlp.name = name;
    otlp.traces = traces;
    otlp.metrics = metrics;
    applyTo(otlp);
    applyTls(otlp);
    sdk.otlp.add(otlp);
    return otlp;
  }

  /**
   * Applies {@code OTEL_EXPORTER_OTLP_HEADERS}, {@code OTEL_EXPORTER_OTLP_TIMEOUT} ({@link
   * OtlpSpec#timeout}) and {@code OTEL_EXPORTER_OTLP_COMPRESSION} ({@link OtlpSpec#gzip}), or those
   * of one signal, and the kind of metrics.
   */
  void applyTo(OtlpSpec otlp) {
    apply("HEADERS", value -> addHeaders(otlp, value));
    apply("TIMEOUT", value -> otlp.timeout = value.millis());
    apply("COMPRESSION", value -> otlp.gzip = isGzip(value));
    apply(TEMPORALITY, value -> otlp.temporality = temporality(value));
    apply(HISTOGRAMS, value -> otlp.exponentialHistograms = isExponential(value));
  }

  /** Applies certificates and keys, which need an endpoint with TLS. */
  void applyTls(OtlpSpec otlp) {
    apply("CERTIFICATE", pem -> otlp.tls = otlp.tlsOrDefault().withTrusted(pem.pemFile()));
    apply(
        "CLIENT_CERTIFICATE", pem -> otlp.tls = otlp.tlsOrDefault().withCertificate(pem.pemFile()));
    apply("CLIENT_KEY", pem -> otlp.tls = otlp.tlsOrDefault().withKey(pem.pemFile()));
  }

  private void apply(String name, Consumer<ConfigValue> option) {
    ConfigValue value = get(name);
    if (value != null) {
      option.accept(value);
    }
  }

  /** The endpoint, with the scheme that {@code INSECURE} selects if it has none. */
  private String endpoint() {
    ConfigValue given = get(ENDPOINT);
    String endpoint =
        given == null ? "http://localhost:" + (isHttp() ? "4318" : "4317") : given.text();
    ConfigValue insecure = get(INSECURE);
    if (insecure == null) {
      return endpoint;
    }
    boolean plaintext = insecure.isTrue();
    String scheme = plaintext ? "http://" : "https://";
    if (!endpoint.contains("://")) {
      return scheme + endpoint;
    }
    if (given != null && !endpoint.toLowerCase(Locale.ROOT).startsWith(scheme)) {
      throw insecure.invalid((plaintext ? "false" : "true") + " with the scheme of " + given.key());
    }
    return endpoint;
  }

  private static boolean hasPath(String endpoint) {
    int scheme = endpoint.indexOf("://");
    int path = endpoint.indexOf('/', scheme < 0 ? 0 : scheme + "://".length());
    return path >= 0 && path < endpoint.length() - 1;
  }

  private static void addHeaders(OtlpSpec otlp, ConfigValue headers) {
    KeyValueList.read(headers)
        .forEach(
            (name, value) -> {
              try {
                otlp.header(name, value);
              } catch (IllegalArgumentException e) {
                throw headers.problem(String.valueOf(e.getMessage()));
              }
            });
  }

  private boolean isGzip(ConfigValue compression) {
    String name = compression.word();
    if (!name.equals("gzip") && !name.equals("none")) {
      notices.ignored(compression, "gzip or none");
    }
    return name.equals("gzip");
  }

  private AggregationTemporalitySelector temporality(ConfigValue preference) {
    return switch (preference.word()) {
      case "delta" -> AggregationTemporalitySelector.deltaPreferred();
      case "lowmemory" -> AggregationTemporalitySelector.lowMemory();
      case "cumulative" -> AggregationTemporalitySelector.alwaysCumulative();
      default -> {
        notices.ignored(preference, "cumulative, delta or lowmemory");
        yield AggregationTemporalitySelector.alwaysCumulative();
      }
    };
  }

  private boolean isExponential(ConfigValue aggregation) {
    String name = aggregation.word();
    if (!name.equals(EXPONENTIAL) && !name.equals("explicit_bucket_histogram")) {
      notices.ignored(aggregation, "explicit_bucket_histogram or " + EXPONENTIAL);
    }
    return name.equals(EXPONENTIAL);
  }

  private String own(String name) {
    return ALL + signal.toUpperCase(Locale.ROOT) + '_' + name;
  }
}
