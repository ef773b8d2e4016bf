package io.github.proxytelemetry.sdk;

import io.opentelemetry.sdk.trace.IdGenerator;

/** How trace ids are made. */
public enum TraceIdGenerator {
  /** All bits random, as W3C Trace Context recommends. */
  RANDOM,

  /** The first 32 bits are the time in seconds, without which AWS X-Ray refuses a trace. */
  XRAY;

  IdGenerator generator() {
    return this == XRAY ? new XrayIds() : IdGenerator.random();
  }
}
