package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import org.jspecify.annotations.Nullable;

/**
 * Recorded error of a {@code note} or {@code fail}.
 *
 * @param side the side that caused the error
 * @param error the error type
 * @param cause the exception, if one was passed
 */
public record RecordedFailure(Side side, ProxyError error, @Nullable Throwable cause) {
  @Override
  public String toString() {
    return side + " " + error;
  }
}
