package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.PathTemplate;
import io.github.proxytelemetry.Upstream;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Policies that differ from the default in one thing. */
final class Policies {
  static final Policy STRICT =
      new Policy(Trust.CONTINUE, Privacy.STRICT, Policy.EVERYONE, List.of(), Capture.NOTHING);

  private Policies() {}

  static Policy trusting(Trust trust) {
    return new Policy(trust, Privacy.STANDARD, Policy.EVERYONE, List.of(), Capture.NOTHING);
  }

  static Policy telling(Predicate<Upstream> upstreams) {
    return new Policy(Trust.CONTINUE, Privacy.STANDARD, upstreams, List.of(), Capture.NOTHING);
  }

  static Policy skipping(Privacy privacy, String... templates) {
    return new Policy(
        Trust.CONTINUE,
        privacy,
        Policy.EVERYONE,
        Stream.of(templates).map(PathTemplate::of).toList(),
        Capture.NOTHING);
  }
}
