package io.github.proxytelemetry.sdk.config;

import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.sdk.export.OtlpSpec;
import io.github.proxytelemetry.sdk.export.PrometheusSpec;
import io.github.proxytelemetry.sdk.export.Propagators;
import io.github.proxytelemetry.sdk.export.SdkSpec;
import io.github.proxytelemetry.sdk.tls.Pem;
import io.github.proxytelemetry.sdk.tls.TlsSource;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reader of imgproxy's variables: those of 3.x, which name an endpoint, and those of 4.x, which
 * switch OpenTelemetry's own variables on with {@code …_ENABLE}.
 */
final class ImgproxyConfiguration {
  private static final String HTTP = "http://";
  private static final String HTTPS = "https://";
  private static final String GRPC = "grpc";
  private static final Pattern BIND = Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[^:]*):(\\d{1,5})");
  private static final int MAX_PORT = 65535;

  private final EffectiveConfig config;
  private final Notices notices;

  ImgproxyConfiguration(EffectiveConfig config, Notices notices) {
    this.config = config;
    this.notices = notices;
  }

  void addTo(SdkSpec sdk) {
    if (config.isImgproxy()) {
      addPrometheus(sdk);
    }
    ConfigValue endpoint = config.telemetry("ENDPOINT");
    ConfigValue enable = config.telemetry("ENABLE");
    if (enable == null ? endpoint == null : !isOn(enable)) {
      return;
    }
    tellWithoutEffect();
    ConfigValue first = endpoint == null ? enable : endpoint;
    if (first != null && config.hasTracing() && config.isTracingOn()) {
      throw first.invalid("none with " + config.tracingKey("ENABLED"));
    }
    if (endpoint != null) {
      addNamed(sdk, endpoint);
    } else {
      new StandardExporters(config, notices)
          .addOtlp(sdk, true, isOn("ENABLE_METRICS", false), this::applyCertificates);
    }
  }

  /** The propagators where none are named. */
  TextMapPropagator propagators() {
    return Propagators.of("", isFourth() ? List.of("tracecontext", "baggage") : List.of());
  }

  /** Whether upstreams get the trace context. 4.x does not trust the hosts of images with it. */
  boolean propagates() {
    return isOn("PROPAGATE_EXTERNAL", !isFourth());
  }

  MetricNaming naming() {
    ConfigValue namespace = config.get(VariableNames.PROMETHEUS + "NAMESPACE");
    if (namespace == null) {
      return MetricNaming.privacyProxy("");
    }
    try {
      return MetricNaming.privacyProxy(namespace.text() + '_');
    } catch (IllegalArgumentException e) {
      throw namespace.invalid("letters, digits and underscores, not starting with a digit");
    }
  }

  private boolean isFourth() {
    return config.telemetry("ENABLE") != null;
  }

  private void addPrometheus(SdkSpec sdk) {
    ConfigValue bind = config.get(VariableNames.PROMETHEUS + "BIND");
    if (bind == null) {
      return;
    }
    Matcher address = BIND.matcher(bind.text());
    if (!address.matches() || Integer.parseInt(address.group(2)) > MAX_PORT) {
      throw bind.invalid("host:port, or :port for all addresses of this machine");
    }
    String host = address.group(1);
    PrometheusSpec prometheus =
        new PrometheusSpec(
            host.isEmpty() ? "0.0.0.0" : host.replaceAll("[\\[\\]]", ""),
            Integer.parseInt(address.group(2)));
    prometheus.origin = bind.key();
    sdk.prometheus.add(prometheus);
  }

  private void tellWithoutEffect() {
    tell("CONNECTION_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT is for a whole export");
    if (isOn("ENABLE_LOGS", false)) {
      tell("ENABLE_LOGS", "no logs are exported");
      tell("LOGGER_NAME", "no logs are exported");
    }
    if (hasHalfAnIdentity()) {
      tell("CLIENT_CERT", "there is no CLIENT_KEY");
      tell("CLIENT_KEY", "there is no CLIENT_CERT");
    }
  }

  private void tell(String name, String reason) {
    ConfigValue value = config.telemetry(name);
    if (value != null) {
      notices.add(value.key(), reason);
    }
  }

  private void addNamed(SdkSpec sdk, ConfigValue endpoint) {
    ConfigValue protocol = config.telemetry("PROTOCOL");
    String name = protocol == null ? GRPC : protocol.word();
    String url = url(endpoint, protocol, name);
    new ForeignExporters(config, sdk, notices)
        .add(
            () -> {
              OtlpSpec otlp = new OtlpSpec(url);
              otlp.origin = endpoint.key();
              otlp.http = !name.equals(GRPC);
              otlp.metrics = isOn("ENABLE_METRICS", false);
              return otlp;
            },
            this::applyCertificates);
  }

  private String url(ConfigValue endpoint, @Nullable ConfigValue protocol, String name) {
    String given = endpoint.text();
    String lower = given.toLowerCase(Locale.ROOT);
    if (!lower.startsWith(HTTP) && !lower.startsWith(HTTPS)) {
      return (isSecure(protocol, name) ? HTTPS : HTTP) + given;
    }
    // Checks the protocol, too. That a certificate needs TLS is said by the endpoint.
    boolean secure = isSecure(protocol, name.equals("http") ? "http/protobuf" : name);
    if (secure && lower.startsWith(HTTP) && anyCertificate() == null) {
      ConfigValue asks = name.equals("https") ? protocol : config.telemetry("GRPC_INSECURE");
      throw (asks == null ? endpoint : asks).invalid("no TLS with " + endpoint.key());
    }
    return given;
  }

  private boolean isSecure(@Nullable ConfigValue protocol, String name) {
    ConfigValue insecure = config.telemetry("GRPC_INSECURE");
    ConfigValue certificate = anyCertificate();
    boolean plaintext = isOn("GRPC_INSECURE", true);
    return switch (name) {
      case "https" -> true;
      case "http" -> {
        if (protocol != null && certificate != null) {
          throw protocol.invalid("grpc or https with " + certificate.key());
        }
        if (protocol != null && !plaintext) {
          throw protocol.invalid(
              "grpc or https with " + config.telemetryKey("GRPC_INSECURE") + "=false");
        }
        yield false;
      }
      case GRPC, "http/protobuf" -> {
        if (insecure != null && certificate != null && plaintext) {
          throw insecure.invalid("false with " + certificate.key());
        }
        yield certificate != null || !plaintext;
      }
      default ->
          throw (protocol == null ? new ConfigValue("", name) : protocol)
              .invalid("grpc, https, http or http/protobuf");
    };
  }

  private @Nullable ConfigValue anyCertificate() {
    ConfigValue trusted = config.telemetry("SERVER_CERT");
    if (trusted != null || hasHalfAnIdentity()) {
      return trusted;
    }
    ConfigValue certificate = config.telemetry("CLIENT_CERT");
    return certificate == null ? config.telemetry("CLIENT_KEY") : certificate;
  }

  /** imgproxy leaves a certificate without a key out; under our prefix it is a mistake. */
  private boolean hasHalfAnIdentity() {
    boolean hasCertificate = config.telemetry("CLIENT_CERT") != null;
    return config.isImgproxy() && hasCertificate != (config.telemetry("CLIENT_KEY") != null);
  }

  private void applyCertificates(OtlpSpec otlp) {
    ConfigValue trusted = config.telemetry("SERVER_CERT");
    if (trusted != null) {
      otlp.tls = otlp.tlsOrDefault().withTrusted(trusted.pem());
    }
    Pem certificate = pem("CLIENT_CERT");
    Pem key = pem("CLIENT_KEY");
    if ((certificate != null || key != null) && !hasHalfAnIdentity()) {
      otlp.tls = new TlsSource(otlp.tlsOrDefault().trusted(), certificate, key);
    }
  }

  private @Nullable Pem pem(String name) {
    ConfigValue value = config.telemetry(name);
    return value == null ? null : value.pem();
  }

  private boolean isOn(String name, boolean otherwise) {
    ConfigValue value = config.telemetry(name);
    return value == null ? otherwise : isOn(value);
  }

  /** As Go's strconv.ParseBool, which imgproxy uses. */
  private static boolean isOn(ConfigValue value) {
    return switch (value.scalar().toLowerCase(Locale.ROOT)) {
      case "1", "t", "true" -> true;
      case "0", "f", "false" -> false;
      default -> throw value.invalid("true or false");
    };
  }
}
