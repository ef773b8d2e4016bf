package io.github.proxytelemetry.otel.recording;

import io.github.proxytelemetry.PathTemplate;
import io.github.proxytelemetry.RequestInfo;

/** Paths whose exchanges are not observed. */
public final class SkippedPaths {
  private final PathTemplate[] templates;

  public SkippedPaths(PathTemplate... templates) {
    this.templates = templates.clone();
  }

  boolean matches(RequestInfo request) {
    if (templates.length == 0) {
      return false;
    }
    String path = request.path();
    for (PathTemplate template : templates) {
      if (template.matches(path)) {
        return true;
      }
    }
    return false;
  }
}
