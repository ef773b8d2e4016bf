package io.github.proxytelemetry.testbed;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.TestAbortedException;

/** Not an {@code ExecutionCondition}, because a condition can skip a test but never fail it. */
final class RequiresProgramExtension implements BeforeAllCallback, BeforeEachCallback {
  private final Map<String, String> environment;

  RequiresProgramExtension() {
    this(System.getenv());
  }

  RequiresProgramExtension(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    check(context);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    check(context);
  }

  private void check(ExtensionContext context) {
    AnnotationSupport.findAnnotation(context.getElement(), RequiresProgram.class)
        .ifPresent(required -> check(required.value()));
  }

  void check(String... programs) {
    List<String> missing = Arrays.stream(programs).filter(program -> !onPath(program)).toList();
    if (missing.isEmpty()) {
      return;
    }
    String message = "not on the PATH: " + String.join(", ", missing);
    if ("true".equals(environment.get("CI"))) {
      throw new AssertionError(message + " (CI=true, so the test fails instead of being skipped)");
    }
    throw new TestAbortedException(message);
  }

  private boolean onPath(String program) {
    String path = environment.getOrDefault("PATH", "");
    return Arrays.stream(path.split(File.pathSeparator, -1))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, program))
        .anyMatch(file -> Files.isRegularFile(file) && Files.isExecutable(file));
  }
}
