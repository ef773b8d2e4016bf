package io.github.proxytelemetry.sdk.export;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Specification of one Prometheus listener. */
public final class PrometheusSpec {
  public final String host;

  /** Bound by {@link PrometheusExport#start}; 0 for any. */
  public final int port;

  /** Option or key that gave the host, for messages. */
  public String origin = "prometheus host";

  /** {@code null} for {@code prometheus}, {@code prometheus-2} and so on. */
  public @Nullable String name;

  public boolean jvmMetrics;
  public boolean processMetrics;
  @Nullable BasicAuth auth;

  public PrometheusSpec(String host, int port) {
    this.host = Objects.requireNonNull(host, "host");
    this.port = port;
  }

  /**
   * Asks scrapers for a password.
   *
   * @throws IllegalArgumentException if either is not allowed; the message does not show them
   */
  public void basicAuth(String user, String password) {
    auth = new BasicAuth(user, password);
  }
}
