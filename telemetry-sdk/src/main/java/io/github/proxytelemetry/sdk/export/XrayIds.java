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
    long seconds = System.currentTimeMillis() / 1000;
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return TraceId.fromLongs((seconds << 32) | (random.nextInt() & 0xFFFFFFFFL), random.nextLong());
  }

  @Override
  public String generateSpanId() {
    return IdGenerator.random().generateSpanId();
  }
}
