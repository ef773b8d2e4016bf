package io.github.proxytelemetry;

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
}
