package io.github.proxytelemetry.otel.sdk;

import io.opentelemetry.contrib.awsxray.AwsXrayIdGenerator;
import io.opentelemetry.sdk.trace.IdGenerator;

/** How trace ids are made. */
public enum TraceIdGenerator {
  /** All bits random, as W3C Trace Context recommends. */
  RANDOM {
    @Override
    IdGenerator generator() {
      return IdGenerator.random();
    }
  },

  /** The first 32 bits are the time in seconds, without which AWS X-Ray refuses a trace. */
  XRAY {
    @Override
    IdGenerator generator() {
      return AwsXrayIdGenerator.getInstance();
    }
  };

  abstract IdGenerator generator();
}
