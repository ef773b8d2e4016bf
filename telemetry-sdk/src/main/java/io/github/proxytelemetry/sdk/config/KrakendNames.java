package io.github.proxytelemetry.sdk.config;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Naming of KrakenD's configuration, with the buckets of its {@code histograms}. */
record KrakendNames(MetricNaming naming, List<Double> times, List<Double> sizes)
    implements MetricNaming {
  static MetricNaming read(EffectiveConfig config, @Nullable MetricNaming given) {
    ConfigValue histograms = config.document("histograms");
    if (histograms != null) {
      histograms.allowing("time_buckets", "size_buckets");
    }
    return new KrakendNames(
        given == null ? named(config) : given,
        buckets(histograms, "time_buckets"),
        buckets(histograms, "size_buckets"));
  }

  private static MetricNaming named(EffectiveConfig config) {
    ConfigValue layers = config.document("layers");
    ConfigValue global = layers == null ? null : layers.member("global");
    ConfigValue version = global == null ? null : global.member(KrakendLayers.SEMANTIC_CONVENTION);
    if (version == null || version.isEmpty()) {
      return MetricNaming.KRAKEND;
    }
    if (version.scalar().equals("1.27")) {
      return MetricNaming.KRAKEND_OTEL_1_27;
    }
    throw version.invalid("1.27, or empty for KrakenD's own names");
  }

  /** Empty for KrakenD's own. */
  private static List<Double> buckets(@Nullable ConfigValue histograms, String name) {
    ConfigValue given = histograms == null ? null : histograms.member(name);
    return given == null ? List.of() : given.ascending();
  }

  @Override
  public @Nullable String name(Instrument instrument) {
    return naming.name(instrument);
  }

  @Override
  public @Nullable String key(Instrument instrument, Dimension dimension) {
    return naming.key(instrument, dimension);
  }

  @Override
  public String unit(Instrument instrument) {
    return naming.unit(instrument);
  }

  /** Only the layers are KrakenD's. */
  @Override
  public List<Double> buckets(Instrument instrument) {
    if (instrument.buckets().isEmpty() || instrument.group().isDefault()) {
      return naming.buckets(instrument);
    }
    List<Double> given = instrument.unit().equals("s") ? times : sizes;
    return given.isEmpty() ? MetricNaming.KRAKEND_OTEL.buckets(instrument) : given;
  }
}
