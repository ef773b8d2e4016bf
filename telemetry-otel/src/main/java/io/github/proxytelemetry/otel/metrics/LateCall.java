package io.github.proxytelemetry.otel.metrics;

/**
 * Kind of call received after an observation ended. Late calls are ignored and counted: frequent
 * ones point to an adapter bug.
 */
public enum LateCall {
  START,
  RESPONSE,
  BYTES,
  END,
  FAIL
}
