package io.github.proxytelemetry.sdk;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The {@code OTEL_EXPORTER_OTLP_*} variables as they are for one signal: its own, or else those for
 * all signals.
 */
final class OtlpVariables {
  static final String ALL = "OTEL_EXPORTER_OTLP_";
  private static final String ENDPOINT = "ENDPOINT";
  private static final String INSECURE = "INSECURE";
  private static final String[] NAMES = {
    ENDPOINT,
    "PROTOCOL",
    INSECURE,
    "HEADERS",
    "TIMEOUT",
    "COMPRESSION",
    "CERTIFICATE",
    "CLIENT_CERTIFICATE",
    "CLIENT_KEY"
  };
  private static final String GRPC = "grpc";
  private static final String HTTP = "http/protobuf";

  private final Settings settings;
  private final String signal;

  /** {@code signal} is {@code traces} or {@code metrics}. */
  OtlpVariables(Settings settings, String signal) {
    this.settings = settings;
    this.signal = signal;
  }

  /** Whether an endpoint is given, which is reason enough to export. */
  boolean hasEndpoint() {
    return get(ENDPOINT) != null;
  }

  /** Whether this signal goes where the others go, in the same way. */
  boolean isGeneral() {
    return Stream.of(NAMES).allMatch(name -> settings.get(own(name)) == null)
        && !hasPath(endpoint());
  }

  boolean isHttp() {
    Setting protocol = get("PROTOCOL");
    if (protocol == null || protocol.text().equals(GRPC)) {
      return false;
    }
    if (protocol.text().equals(HTTP)) {
      return true;
    }
    throw protocol.invalid("are " + GRPC + " and " + HTTP);
  }

  @Nullable Setting get(String name) {
    Setting own = settings.get(own(name));
    return own == null ? settings.get(ALL + name) : own;
  }

  /** Adds an exporter of its own, for one signal or for all. */
  void add(ProxyTelemetrySdkBuilder sdk, @Nullable String name, boolean traces, boolean metrics) {
    Setting given = get(ENDPOINT);
    String endpoint = endpoint();
    boolean exact = settings.get(own(ENDPOINT)) != null;
    if (isHttp() && !exact && hasPath(endpoint)) {
      // The specification: what is for all signals is a base, also where it has a path.
      endpoint = (endpoint.endsWith("/") ? endpoint : endpoint + '/') + "v1/" + signal;
    }
    sdk.otlp(
        endpoint,
        options -> {
          options.origin = given == null ? ALL + ENDPOINT : given.key();
          options.exact = exact;
          options.http = isHttp();
          options.name = name;
          options.traces = traces;
          options.metrics = metrics;
          applyTo(options);
        });
  }

  /** Everything but where to and how. */
  void applyTo(OtlpOptions options) {
    Setting headers = get("HEADERS");
    if (headers != null) {
      addHeaders(options, headers);
    }
    Setting timeout = get("TIMEOUT");
    if (timeout != null) {
      options.timeout(timeout.millis());
    }
    Setting compression = get("COMPRESSION");
    if (compression != null) {
      options.gzip = isGzip(compression);
    }
    Setting trusted = get("CERTIFICATE");
    if (trusted != null) {
      options.tls(tls -> tls.trustedCertificates(file(trusted)));
    }
    Setting certificate = get("CLIENT_CERTIFICATE");
    if (certificate != null) {
      options.tls(tls -> tls.clientCertificate(file(certificate)));
    }
    Setting key = get("CLIENT_KEY");
    if (key != null) {
      options.tls(tls -> tls.clientKey(file(key)));
    }
  }

  /** With the scheme that {@code INSECURE} chooses where the endpoint has none. */
  private String endpoint() {
    Setting given = get(ENDPOINT);
    String endpoint =
        given == null ? "http://localhost:" + (isHttp() ? "4318" : "4317") : given.text();
    Setting insecure = get(INSECURE);
    if (insecure == null) {
      return endpoint;
    }
    boolean plaintext = insecure.isTrue();
    String scheme = plaintext ? "http://" : "https://";
    if (!endpoint.contains("://")) {
      return scheme + endpoint;
    }
    if (given != null && !endpoint.toLowerCase(Locale.ROOT).startsWith(scheme)) {
      throw insecure.invalid(
          "with the scheme of " + given.key() + " is " + (plaintext ? "false" : "true"));
    }
    return endpoint;
  }

  private static boolean hasPath(String endpoint) {
    int scheme = endpoint.indexOf("://");
    int path = endpoint.indexOf('/', scheme < 0 ? 0 : scheme + "://".length());
    return path >= 0 && path < endpoint.length() - 1;
  }

  private static void addHeaders(OtlpOptions options, Setting headers) {
    Assignments.read(headers)
        .forEach(
            (name, value) -> {
              try {
                options.header(name, value);
              } catch (IllegalArgumentException e) {
                throw headers.problem(String.valueOf(e.getMessage()));
              }
            });
  }

  private static boolean isGzip(Setting compression) {
    return switch (compression.text()) {
      case "gzip" -> true;
      case "none" -> false;
      default -> throw compression.invalid("are gzip and none");
    };
  }

  private static Pem file(Setting setting) {
    try {
      return Pem.file(setting.key(), Path.of(setting.text()));
    } catch (InvalidPathException e) {
      throw setting.problem("is no path; allowed is the name of a PEM file");
    }
  }

  private String own(String name) {
    return ALL + signal.toUpperCase(Locale.ROOT) + '_' + name;
  }
}
