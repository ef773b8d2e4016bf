package io.github.proxytelemetry;

/**
 * Observation of a tunnel: bytes relayed both ways after a {@code CONNECT} (RFC 9110, section
 * 9.3.6) or an upgrade (section 7.8).
 *
 * <p>Separate from its exchange, so that the hours of a tunnel do not enter the histogram of
 * request durations. Bytes are counted as they are relayed, after TLS is removed and including the
 * framing of the inner protocol.
 */
public interface TunnelObservation extends Observation {
  /**
   * Adds bytes relayed from the client to the destination.
   *
   * @param count number of bytes; negative values are ignored
   */
  default void bytesToUpstream(long count) {}

  /**
   * Adds bytes relayed from the destination to the client.
   *
   * @param count number of bytes; negative values are ignored
   */
  default void bytesToDownstream(long count) {}

  /**
   * Records that one side has finished sending. The first side reported is the one that closed the
   * tunnel. The tunnel's duration ends at this call, or at the last byte relayed after it.
   *
   * @param side the side that finished
   */
  default void closedBy(Side side) {}
}
