package io.github.proxytelemetry.sdk.export;

import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.concurrent.ThreadLocalRandom;

/**
 * ID generator for AWS X-Ray, whose trace ids are "the time of the original request, in Unix epoch
 * time, in 8 hexadecimal digits", then 24 random ones.
 */
final class XrayIds implements IdGenerator {
  @Override
  public String generateTraceId() {
    return TraceId.fromLongs(high(), ThreadLocalRandom.current().nextLong());
  }

  /** The upper half of a trace id. */
  static long high() {
    long seconds = System.currentTimeMillis() / 1000;
    return (seconds << 32) | (ThreadLocalRandom.current().nextInt() & 0xFFFFFFFFL);
  }

  /** W3C Trace Context Level 2 calls those random whose last 56 bits are. */
  @Override
  public boolean generatesRandomTraceIds() {
    return true;
  }

  @Override
  public String generateSpanId() {
    return IdGenerator.random().generateSpanId();
  }
}
