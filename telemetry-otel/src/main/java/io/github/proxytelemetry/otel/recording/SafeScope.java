package io.github.proxytelemetry.otel.recording;

import io.github.proxytelemetry.Scope;
import io.opentelemetry.context.Context;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Scope of a context that is current; a context storage of the host's may throw. */
final class SafeScope {
  static final Scope NONE = () -> {};

  private SafeScope() {}

  /** Makes a context current, until the scope is closed by the caller of {@code activate}. */
  @SuppressWarnings("MustBeClosedChecker")
  static Scope activate(Consumer<Throwable> failed, @Nullable Context context) {
    if (context == null) {
      return NONE;
    }
    io.opentelemetry.context.Scope scope = context.makeCurrent();
    return () -> {
      try {
        scope.close();
      } catch (Throwable thrown) {
        failed.accept(thrown);
      }
    };
  }
}
