package io.github.proxytelemetry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Naming scheme: metric names and attribute keys of the {@link Instrument}s.
 *
 * <p>Called once per instrument, at start-up. Implement it for names of your own. The back end
 * checks that names are unique; instruments that differ in {@link Instrument#stage()} may share a
 * name.
 */
public interface MetricNaming {
  /** Names of Cloudflare's Privacy Proxy, and further ones in the same style. The default. */
  MetricNaming PRIVACY_PROXY = privacyProxy("privacy_proxy_");

  /**
   * Names and attributes of KrakenD's OpenTelemetry layers; instruments that KrakenD does not have
   * are named as in {@link #PRIVACY_PROXY}.
   */
  @SuppressWarnings("ClassInitializationDeadlock") // The class is initialised from here only.
  MetricNaming KRAKEND = new KrakendNaming();

  /**
   * Names, attributes, units and buckets of the metrics that KrakenD exports today, such as {@code
   * http.server.duration}, which its Grafana dashboards query; others as in {@link #PRIVACY_PROXY}.
   */
  @SuppressWarnings("ClassInitializationDeadlock") // The class is initialised from here only.
  MetricNaming KRAKEND_OTEL = new KrakendOtelNaming(false);

  /** {@link #KRAKEND_OTEL} with KrakenD's {@code semantic_convention} 1.27. */
  @SuppressWarnings("ClassInitializationDeadlock") // The class is initialised from here only.
  MetricNaming KRAKEND_OTEL_1_27 = new KrakendOtelNaming(true);

  /**
   * Names and attributes of OpenTelemetry's semantic conventions for HTTP metrics; instruments that
   * the conventions do not define are named as in {@link #PRIVACY_PROXY}.
   */
  @SuppressWarnings("ClassInitializationDeadlock") // The class is initialised from here only.
  MetricNaming SEMCONV = new SemconvNaming();

  /**
   * Creates the names of {@link #PRIVACY_PROXY} with another prefix. An empty prefix gives
   * imgproxy's names, such as {@code requests_in_progress}.
   *
   * @param prefix letters, digits and underscores, not starting with a digit; may be empty
   * @return the naming scheme
   * @throws IllegalArgumentException if the prefix is invalid
   */
  static MetricNaming privacyProxy(String prefix) {
    return new PrefixedNaming(prefix);
  }

  /**
   * Returns the metric name of an instrument.
   *
   * @param instrument the instrument
   * @return its name, or {@code null} if it is not to be recorded
   */
  @Nullable String name(Instrument instrument);

  /**
   * Returns the attribute key of one dimension of an instrument.
   *
   * @param instrument the instrument
   * @param dimension one of its dimensions
   * @return the attribute key, or {@code null} to leave the dimension out
   */
  default @Nullable String key(Instrument instrument, Dimension dimension) {
    return PRIVACY_PROXY.key(instrument, dimension);
  }

  /**
   * Returns the unit that is exported. Values are in {@link Instrument#unit()} in any case; a
   * Prometheus exporter appends the unit to the name.
   *
   * @param instrument the instrument
   * @return the unit in UCUM notation, or empty for none
   */
  default String unit(Instrument instrument) {
    return instrument.unit();
  }

  /**
   * Returns the upper bounds of a histogram's buckets.
   *
   * @param instrument the instrument
   * @return bounds in ascending order, in {@link Instrument#unit()}; empty for a sum
   */
  default List<Double> buckets(Instrument instrument) {
    return instrument.buckets();
  }
}
