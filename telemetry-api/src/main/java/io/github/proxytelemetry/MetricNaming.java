package io.github.proxytelemetry;

import org.jspecify.annotations.Nullable;

/**
 * What the instruments and their labels are called.
 *
 * <p>Asked once per instrument, at start-up. Implement it for names of your own; names must be
 * unique, except among instruments that differ in {@link Instrument#stage()}, and are checked by
 * the back end.
 */
public interface MetricNaming {
  /** The names of Cloudflare's Privacy Proxy, and ours in the same style: the default. */
  MetricNaming PRIVACY_PROXY = privacyProxy("privacy_proxy_");

  /**
   * The names of KrakenD's layers, with KrakenD's attributes; what KrakenD does not measure is
   * called as in {@link #PRIVACY_PROXY}.
   */
  @SuppressWarnings("ClassInitializationDeadlock") // Its class is reached from here only.
  MetricNaming KRAKEND = new KrakendNaming();

  /**
   * The names of OpenTelemetry's semantic conventions for HTTP metrics; what they do not name is
   * called as in {@link #PRIVACY_PROXY}.
   */
  @SuppressWarnings("ClassInitializationDeadlock") // Its class is reached from here only.
  MetricNaming SEMCONV = new SemconvNaming();

  /**
   * The names of {@link #PRIVACY_PROXY} with another prefix. With an empty one, {@code
   * requests_in_progress} is called just that, as in imgproxy.
   *
   * @param prefix letters, digits and underscores, not beginning with a digit; may be empty
   * @return the naming
   * @throws IllegalArgumentException if the prefix has any other character
   */
  static MetricNaming privacyProxy(String prefix) {
    return new PrefixedNaming(prefix);
  }

  /**
   * The name of an instrument.
   *
   * @param instrument which one
   * @return its name, or {@code null} for one that is not to be measured
   */
  @Nullable String name(Instrument instrument);

  /**
   * The name of one of an instrument's labels.
   *
   * @param instrument which one
   * @param dimension one of its dimensions
   * @return the label's name, or {@code null} if it is not to be broken down by that
   */
  default @Nullable String key(Instrument instrument, Dimension dimension) {
    return PRIVACY_PROXY.key(instrument, dimension);
  }
}
