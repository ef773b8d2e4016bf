package io.github.proxytelemetry;

/**
 * What {@link ProxyTelemetry#guarded} puts around a back end, as that back end sees it where it
 * {@linkplain ProxyTelemetry#guardsExchanges guards its exchanges} itself. Thread-safe; nothing in
 * it throws.
 */
public interface ObservationGuard {
  /**
   * Counts what was caught. When it keeps coming, the back end is switched off.
   *
   * @param thrown what was thrown; its message may carry a user's data, and is not logged
   */
  void failed(Throwable thrown);

  /**
   * Guards a connection that an attempt dials.
   *
   * @param connection the back end's
   * @return what is handed to the host
   */
  ConnectionObservation guard(ConnectionObservation connection);

  /**
   * Guards a tunnel.
   *
   * @param tunnel the back end's
   * @return what is handed to the host
   */
  TunnelObservation guard(TunnelObservation tunnel);

  /**
   * Guards the end of an activation.
   *
   * @param scope the back end's
   * @return what is handed to the host
   */
  Scope guard(Scope scope);
}
