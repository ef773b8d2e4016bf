package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.PathTemplate;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Upstream;
import java.util.List;
import java.util.function.Predicate;

/** What is believed of a request, what is told about it, and to whom. */
record Policy(
    Trust trust,
    Privacy privacy,
    Predicate<Upstream> propagateTo,
    List<PathTemplate> skipped,
    CaptureRules capture) {
  static final Predicate<Upstream> EVERYONE = upstream -> true;

  static final Policy DEFAULT =
      new Policy(Trust.CONTINUE, Privacy.STANDARD, EVERYONE, List.of(), CaptureRules.NOTHING);

  boolean isStrict() {
    return privacy == Privacy.STRICT;
  }

  boolean skips(RequestInfo request) {
    if (skipped.isEmpty()) {
      return false;
    }
    String path = request.path();
    // By index: an iterator would be one more object a request.
    for (int i = 0; i < skipped.size(); i++) {
      if (skipped.get(i).matches(path)) {
        return true;
      }
    }
    return false;
  }
}
