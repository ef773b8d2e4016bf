package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.Sampling;

/**
 * What a trace context that comes in with a request is worth. Whoever can reach the listener can
 * send one, so this is a question of who that is.
 *
 * <p>A request with more than one {@code traceparent}, or one that makes no sense, begins a new
 * trace in every case (W3C Trace Context, section 3.2).
 */
public enum Trust {
  /**
   * The request's trace goes on, with its {@code tracestate}, and so does the decision that it came
   * with: what is not sampled stays so, and what is sampled is recorded. Only a {@linkplain
   * Sampling#capped cap} may say no to the latter; upstreams are told then that the trace is not
   * sampled. It is for listeners that only one's own services reach, and the default.
   */
  CONTINUE,

  /**
   * A new trace begins, with a decision of its own. Its server span has a link to the context that
   * came in, so that either can be found from the other.
   */
  LINK,

  /**
   * A new trace begins, with a decision of its own, and the context that came in is not even read.
   * It is for listeners that anybody reaches: a stranger's flag then neither causes spans nor
   * prevents them. A {@linkplain Sampling#capped cap} bounds what any number of requests cost.
   */
  RESTART,

  /**
   * The trace headers of others are neither read nor replaced: they go by as they came. The proxy's
   * own spans are in traces of their own, which no upstream is told of.
   */
  IGNORE
}
