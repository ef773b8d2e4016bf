package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.AttemptObservation;
import org.jspecify.annotations.Nullable;

/** What observes the requests on a connection to an upstream, whatever the version of HTTP. */
interface Requests {
  /** The connection is usable, TLS included: what was written meanwhile leaves now. */
  void connectionReady(@Nullable AttemptObservation attempt);

  /** What was written has been flushed. */
  default void flushed() {}
}
