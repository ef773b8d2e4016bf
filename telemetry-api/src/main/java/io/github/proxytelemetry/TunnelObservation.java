package io.github.proxytelemetry;

/**
 * Opaque bytes piped both ways, after a {@code CONNECT} or an upgrade.
 *
 * <p>Its own observation, so that hours never enter a request's duration. Bytes are counted as they
 * flow: after TLS, and in the framing of whatever protocol they carry.
 */
public interface TunnelObservation extends Observation {
  /**
   * Bytes from the client went on their way to the destination.
   *
   * @param count how many
   */
  default void bytesToUpstream(long count) {}

  /**
   * Bytes from the destination went on their way to the client.
   *
   * @param count how many
   */
  default void bytesToDownstream(long count) {}

  /**
   * One side sends no more. The first side told is the one that closed the tunnel; its duration
   * runs to then, or to the last byte relayed after it.
   *
   * @param side the side that finished
   */
  default void closedBy(Side side) {}
}
