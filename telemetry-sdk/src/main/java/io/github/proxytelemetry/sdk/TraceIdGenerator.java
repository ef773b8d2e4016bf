package io.github.proxytelemetry.sdk;

/** Generator of trace ids. */
public enum TraceIdGenerator {
  /** All bits random, as W3C Trace Context recommends. */
  RANDOM,

  /** The first 32 bits are the time in seconds, without which AWS X-Ray refuses a trace. */
  XRAY
}
