package io.github.proxytelemetry.otel;

/** What was told too late. It does nothing, but an adapter that does it often is not well. */
enum LateUse {
  START,
  RESPONSE,
  BYTES,
  END,
  FAIL
}
