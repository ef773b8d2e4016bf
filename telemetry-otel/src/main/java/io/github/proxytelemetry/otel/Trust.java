package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.Sampling;

/**
 * Trust in inbound trace contexts. Anybody who can reach the listener can send one, so it depends
 * on who that is.
 *
 * <p>A request with more than one {@code traceparent}, or a malformed one, starts a new trace in
 * every case (W3C Trace Context, section 3.2).
 */
public enum Trust {
  /**
   * Continues the inbound trace, with its {@code tracestate} and its sampling decision; only a
   * {@linkplain Sampling#capped cap} may overrule a positive one, and upstreams then get "not
   * sampled". For listeners that only one's own services reach. This is the default.
   */
  CONTINUE,

  /**
   * Starts a new trace with a sampling decision of its own, whose server span links to the inbound
   * context.
   */
  LINK,

  /**
   * Starts a new trace with a sampling decision of its own; the inbound context is not read. For
   * public listeners: the sampled flag of a stranger neither causes nor prevents spans. A
   * {@linkplain Sampling#capped cap} bounds the cost of any number of requests.
   */
  RESTART,

  /**
   * Neither reads nor replaces trace headers: they pass through. The proxy's own spans are in
   * traces of their own, whose ids no upstream gets.
   */
  IGNORE
}
