package io.github.proxytelemetry.sdk.config;

import io.github.proxytelemetry.sdk.export.OtlpSpec;
import io.github.proxytelemetry.sdk.export.SdkSpec;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reader of imgproxy's variables. */
final class ImgproxyConfiguration {
  private final EffectiveConfig config;

  ImgproxyConfiguration(EffectiveConfig config) {
    this.config = config;
  }

  void addTo(SdkSpec sdk) {
    ConfigValue endpoint = config.telemetry("ENDPOINT");
    if (endpoint == null) {
      return;
    }
    if (config.hasTracing() && config.isTracingOn()) {
      throw endpoint.invalid("none with " + config.tracingKey("ENABLED"));
    }
    if (endpoint.text().contains("://")) {
      throw new IllegalArgumentException(
          endpoint.key()
              + ": invalid value, which is a URL; expected host:port, with the scheme in "
              + config.telemetryKey("PROTOCOL"));
    }
    ConfigValue protocol = config.telemetry("PROTOCOL");
    String name = protocol == null ? "grpc" : protocol.text();
    boolean secure = isSecure(protocol, name);
    OtlpSpec otlp = new OtlpSpec((secure ? "https://" : "http://") + endpoint.text());
    otlp.origin = endpoint.key();
    otlp.http = !name.equals("grpc");
    otlp.metrics = isOn("ENABLE_METRICS", false);
    applyCertificates(otlp);
    sdk.otlp.add(otlp);
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
      case "grpc" -> {
        if (insecure != null && certificate != null && plaintext) {
          throw insecure.invalid("false with " + certificate.key());
        }
        yield certificate != null || !plaintext;
      }
      default ->
          throw (protocol == null ? new ConfigValue("", name) : protocol)
              .invalid("grpc, https or http");
    };
  }

  private @Nullable ConfigValue anyCertificate() {
    for (String name : new String[] {"SERVER_CERT", "CLIENT_CERT", "CLIENT_KEY"}) {
      ConfigValue value = config.telemetry(name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  private void applyCertificates(OtlpSpec otlp) {
    apply("SERVER_CERT", pem -> otlp.tls = otlp.tlsOrDefault().withTrusted(pem.pem()));
    apply("CLIENT_CERT", pem -> otlp.tls = otlp.tlsOrDefault().withCertificate(pem.pem()));
    apply("CLIENT_KEY", pem -> otlp.tls = otlp.tlsOrDefault().withKey(pem.pem()));
  }

  private void apply(String name, Consumer<ConfigValue> option) {
    ConfigValue value = config.telemetry(name);
    if (value != null) {
      option.accept(value);
    }
  }

  /** As Go's strconv.ParseBool, which imgproxy uses. */
  private boolean isOn(String name, boolean otherwise) {
    ConfigValue value = config.telemetry(name);
    if (value == null) {
      return otherwise;
    }
    return switch (value.scalar().toLowerCase(Locale.ROOT)) {
      case "1", "t", "true" -> true;
      case "0", "f", "false" -> false;
      default -> throw value.invalid("true or false");
    };
  }
}
