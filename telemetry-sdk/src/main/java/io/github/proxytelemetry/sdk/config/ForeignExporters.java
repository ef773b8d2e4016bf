package io.github.proxytelemetry.sdk.config;

import io.github.proxytelemetry.sdk.export.OtlpSpec;
import io.github.proxytelemetry.sdk.export.SdkSpec;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * OTLP exporters of KrakenD's document and of imgproxy's variables. Headers, certificates,
 * time-outs and compression that these do not have are those of {@code OTEL_EXPORTER_OTLP_*}.
 */
final class ForeignExporters {
  private final SdkSpec sdk;
  private final Notices notices;
  private final OtlpVariables traces;
  private final OtlpVariables metrics;

  ForeignExporters(EffectiveConfig config, SdkSpec sdk, Notices notices) {
    this.sdk = sdk;
    this.notices = notices;
    this.traces = new OtlpVariables(config, "traces", notices);
    this.metrics = new OtlpVariables(config, "metrics", notices);
  }

  /**
   * Adds an exporter, or one for each signal where the variables of the signals differ.
   *
   * @param exporter creates it with its endpoint, name and signals
   * @param own applies its own options, which come before the variables
   */
  void add(Supplier<OtlpSpec> exporter, Consumer<OtlpSpec> own) {
    OtlpSpec both = exporter.get();
    if (!both.traces || !both.metrics || !(traces.hasOwnOptions() || metrics.hasOwnOptions())) {
      add(both, own, both.traces ? traces : metrics);
      return;
    }
    both.metrics = false;
    both.name = suffixed(both.name, "-traces");
    add(both, own, traces);
    OtlpSpec second = exporter.get();
    second.traces = false;
    second.name = suffixed(second.name, "-metrics");
    add(second, own, metrics);
  }

  private void add(OtlpSpec otlp, Consumer<OtlpSpec> own, OtlpVariables variables) {
    variables.applyTo(otlp);
    ConfigValue certificate = variables.anyCertificate();
    if (otlp.endpoint.startsWith("https://")) {
      variables.applyTls(otlp);
    } else if (certificate != null) {
      notices.add(certificate.key(), "for " + otlp.origin + ", which is plaintext");
    }
    own.accept(otlp);
    sdk.otlp.add(otlp);
  }

  private static @Nullable String suffixed(@Nullable String name, String suffix) {
    return name == null ? null : name + suffix;
  }
}
