package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.PathTemplate;
import io.github.proxytelemetry.Upstream;
import io.opentelemetry.semconv.HttpAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Collects a {@link Policy} for the builder. */
final class PolicyBuilder {
  private static final System.Logger LOGGER =
      System.getLogger(OtelProxyTelemetry.class.getPackageName());

  Trust trust = Trust.CONTINUE;
  Predicate<Upstream> propagateTo = Policy.EVERYONE;
  boolean clientAddress;
  boolean query;
  final CapturedHeaders requestHeaders = new CapturedHeaders(HttpAttributes.HTTP_REQUEST_HEADER);
  final CapturedHeaders responseHeaders = new CapturedHeaders(HttpAttributes.HTTP_RESPONSE_HEADER);
  private final List<PathTemplate> skipped = new ArrayList<>();
  private HostPatterns destinations = Capture.NOTHING.destinations();
  private final List<String> hosts = new ArrayList<>();
  private @Nullable Privacy privacy;

  void privacy(Privacy privacy) {
    this.privacy = Objects.requireNonNull(privacy, "privacy");
  }

  void skipPaths(String... templates) {
    for (String template : Objects.requireNonNull(templates, "templates")) {
      skipped.add(PathTemplate.of(template));
    }
  }

  boolean skipsAny() {
    return !skipped.isEmpty();
  }

  void captureDestinations(String... patterns) {
    List<String> all = new ArrayList<>(hosts);
    all.addAll(List.of(Objects.requireNonNull(patterns, "hostPatterns")));
    destinations = new HostPatterns(all);
    hosts.clear();
    hosts.addAll(all);
  }

  Policy build() {
    Capture capture =
        new Capture(
            requestHeaders.keys(), responseHeaders.keys(), clientAddress, query, destinations);
    boolean strict = privacy == Privacy.STRICT;
    if (strict && !capture.isNothing()) {
      throw new IllegalArgumentException(
          "privacy: was STRICT together with captured headers, addresses, queries or destinations,"
              + " allowed is one or the other: STRICT captures nothing");
    }
    return new Policy(
        trust,
        strict ? Privacy.STRICT : Privacy.STANDARD,
        propagateTo,
        List.copyOf(skipped),
        capture);
  }

  /** What was chosen about privacy is a promise, so it is told; the default makes none. */
  void log() {
    if (privacy == Privacy.STRICT) {
      LOGGER.log(
          System.Logger.Level.INFO,
          "Privacy is STRICT: no spans, no trace ids, and trace headers are taken off.");
    } else if (privacy == Privacy.STANDARD) {
      LOGGER.log(System.Logger.Level.INFO, "Privacy is STANDARD: spans tell of single requests.");
    }
  }
}
