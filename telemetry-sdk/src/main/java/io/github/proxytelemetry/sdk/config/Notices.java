package io.github.proxytelemetry.sdk.config;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Settings that are accepted and have no effect, all told in one log line, and values that are
 * ignored, a line each. Not thread-safe.
 */
final class Notices {
  private static final System.Logger LOGGER = System.getLogger("io.github.proxytelemetry.sdk");

  private final Set<String> withoutEffect = new LinkedHashSet<>();
  private final Set<String> ignored = new LinkedHashSet<>();

  /** A setting without effect. Its value, which may be a secret, is not told. */
  void add(String key, String reason) {
    withoutEffect.add(ConfigValue.printable(key) + " (" + reason + ')');
  }

  /** A value that OpenTelemetry's specification wants ignored: the setting counts as absent. */
  void ignored(ConfigValue value, String expected) {
    ignored.add(String.valueOf(value.invalid(expected).getMessage()));
  }

  void log() {
    if (!withoutEffect.isEmpty()) {
      log("Settings without effect on this telemetry: " + String.join(", ", withoutEffect));
    }
    ignored.forEach(message -> log("Ignored: " + message));
  }

  private static void log(String line) {
    LOGGER.log(System.Logger.Level.WARNING, line);
  }
}
