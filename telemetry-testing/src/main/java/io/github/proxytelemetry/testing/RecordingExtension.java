package io.github.proxytelemetry.testing;

import java.time.Duration;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * JUnit extension that gives each test a {@link RecordingProxyTelemetry} as a parameter, of the
 * test or of a method before it, and checks after the test that all active counts are back to zero.
 * Close the proxy and its clients in the test or in an {@code @AfterEach} method.
 *
 * @since 0.1.0
 */
public final class RecordingExtension implements ParameterResolver, AfterEachCallback {
  private static final Namespace NAMESPACE = Namespace.create(RecordingExtension.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** Called by JUnit. */
  public RecordingExtension() {}

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == RecordingProxyTelemetry.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getStore(NAMESPACE)
        .computeIfAbsent(
            RecordingProxyTelemetry.class,
            any -> new RecordingProxyTelemetry(),
            RecordingProxyTelemetry.class);
  }

  /** Fails if anything is open, or if the recorder's invariants do not hold. */
  @Override
  public void afterEach(ExtensionContext context) {
    RecordingProxyTelemetry recorded =
        context
            .getStore(NAMESPACE)
            .get(RecordingProxyTelemetry.class, RecordingProxyTelemetry.class);
    if (recorded != null && context.getExecutionException().isEmpty()) {
      recorded.awaitIdle(TIMEOUT);
      recorded.assertInvariants();
    }
  }
}
