package io.github.proxytelemetry;

/**
 * Observation of a transport connection, on either side of the proxy.
 *
 * <p>A connection passes through {@linkplain ConnectionPhase phases}, is {@linkplain #established()
 * established}, and ends. A failure is attributed to the phase that it interrupts. Used by one
 * thread at a time.
 */
public interface ConnectionObservation extends Observation {
  /**
   * Enters a phase, which ends the previous one.
   *
   * @param phase the phase that starts now
   */
  default void enter(ConnectionPhase phase) {}

  /**
   * Marks the connection as usable, which ends the current phase. May be called again after a later
   * phase, such as a TLS handshake on an established connection.
   */
  default void established() {}

  /**
   * Adds bytes read from the network, including TLS and framing.
   *
   * @param count number of bytes; negative values are ignored
   */
  default void bytesRead(long count) {}

  /**
   * Adds bytes written to the network, including TLS and framing.
   *
   * @param count number of bytes; negative values are ignored
   */
  default void bytesWritten(long count) {}
}
