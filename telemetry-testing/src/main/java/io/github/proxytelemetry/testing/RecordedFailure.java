package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code note} or a {@code fail} was told.
 *
 * @param side who caused it
 * @param error what happened
 * @param cause the exception behind it, if there was one
 */
public record RecordedFailure(Side side, ProxyError error, @Nullable Throwable cause) {
  @Override
  public String toString() {
    return side + " " + error;
  }
}
