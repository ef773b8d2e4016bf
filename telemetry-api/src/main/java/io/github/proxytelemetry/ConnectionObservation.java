package io.github.proxytelemetry;

/**
 * One transport connection, on either side of the proxy.
 *
 * <p>It goes through its {@linkplain ConnectionPhase phases}, is {@linkplain #established()
 * established} and ends. A failure belongs to the phase that it interrupts. Told by one thread at a
 * time.
 */
public interface ConnectionObservation extends Observation {
  /**
   * A phase begins now, and the one before it ends.
   *
   * @param phase the phase that begins
   */
  default void enter(ConnectionPhase phase) {}

  /**
   * The connection is usable now; the phase before it ends. May be told again after a later phase.
   */
  default void established() {}

  /**
   * Bytes came in from the network, TLS and framing included.
   *
   * @param count how many
   */
  default void bytesRead(long count) {}

  /**
   * Bytes went out to the network, TLS and framing included.
   *
   * @param count how many
   */
  default void bytesWritten(long count) {}
}
