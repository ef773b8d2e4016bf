package io.github.proxytelemetry.sdk;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The exporter of imgproxy's variables. */
final class ImgproxyExporter {
  private final Settings settings;

  ImgproxyExporter(Settings settings) {
    this.settings = settings;
  }

  void addTo(ProxyTelemetrySdkBuilder sdk) {
    Setting endpoint = settings.telemetry("ENDPOINT");
    if (endpoint == null) {
      return;
    }
    if (settings.hasTracing() && settings.isTracingOn()) {
      throw endpoint.invalid("is none with " + settings.tracingKey("ENABLED"));
    }
    if (endpoint.text().contains("://")) {
      throw new IllegalArgumentException(
          endpoint.key()
              + ": was a URL, allowed is host:port, with the scheme in "
              + settings.telemetryKey("PROTOCOL"));
    }
    Setting protocol = settings.telemetry("PROTOCOL");
    String name = protocol == null ? "grpc" : protocol.text();
    boolean secure = isSecure(protocol, name);
    sdk.otlp(
        (secure ? "https://" : "http://") + endpoint.text(),
        options -> {
          options.origin = endpoint.key();
          options.http = !name.equals("grpc");
          options.metrics = isOn("ENABLE_METRICS", false);
          applyCertificates(options);
        });
  }

  private boolean isSecure(@Nullable Setting protocol, String name) {
    Setting insecure = settings.telemetry("GRPC_INSECURE");
    Setting certificate = anyCertificate();
    boolean plaintext = isOn("GRPC_INSECURE", true);
    return switch (name) {
      case "https" -> true;
      case "http" -> {
        if (protocol != null && certificate != null) {
          throw protocol.invalid("with " + certificate.key() + " are grpc and https");
        }
        if (protocol != null && !plaintext) {
          throw protocol.invalid(
              "with " + settings.telemetryKey("GRPC_INSECURE") + "=false are grpc and https");
        }
        yield false;
      }
      case "grpc" -> {
        if (insecure != null && certificate != null && plaintext) {
          throw insecure.invalid("with " + certificate.key() + " is false");
        }
        yield certificate != null || !plaintext;
      }
      default ->
          throw (protocol == null ? new Setting("", name) : protocol)
              .invalid("are grpc, https and http");
    };
  }

  private @Nullable Setting anyCertificate() {
    for (String name : new String[] {"SERVER_CERT", "CLIENT_CERT", "CLIENT_KEY"}) {
      Setting setting = settings.telemetry(name);
      if (setting != null) {
        return setting;
      }
    }
    return null;
  }

  private void applyCertificates(OtlpOptions options) {
    Setting trusted = settings.telemetry("SERVER_CERT");
    if (trusted != null) {
      options.tls(tls -> tls.trustedCertificates(Pem.text(trusted.key(), trusted.text())));
    }
    Setting certificate = settings.telemetry("CLIENT_CERT");
    if (certificate != null) {
      options.tls(tls -> tls.clientCertificate(Pem.text(certificate.key(), certificate.text())));
    }
    Setting key = settings.telemetry("CLIENT_KEY");
    if (key != null) {
      options.tls(tls -> tls.clientKey(Pem.text(key.key(), key.text())));
    }
  }

  /** The grammar of Go's strconv.ParseBool, which imgproxy reads its switches with. */
  private boolean isOn(String name, boolean otherwise) {
    Setting setting = settings.telemetry(name);
    if (setting == null) {
      return otherwise;
    }
    return switch (setting.scalar().toLowerCase(Locale.ROOT)) {
      case "1", "t", "true" -> true;
      case "0", "f", "false" -> false;
      default -> throw setting.invalid("are true and false");
    };
  }
}
