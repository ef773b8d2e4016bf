package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import java.util.Objects;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions about a request and its response.
 *
 * @param <S> the type of the assertions
 * @param <A> the type of the record
 * @since 0.1.0
 */
public abstract class MessagesAssert<S extends MessagesAssert<S, A>, A extends RecordedMessages>
    extends AbstractAssert<S, A> {
  MessagesAssert(A actual, Class<S> self) {
    super(actual, self);
  }

  /**
   * Checks the method of the request.
   *
   * @param method such as {@code GET}
   * @return this
   */
  public S hasMethod(String method) {
    return is("method", method, actual.method());
  }

  /**
   * Checks the status of the response.
   *
   * @param status a final one, 200 to 599
   * @return this
   */
  public S hasStatus(int status) {
    return is("status", status, actual.status());
  }

  /**
   * Checks the payload of the request.
   *
   * @param bytes their number, without heads and chunk sizes
   * @return this
   */
  public S hasRequestBytes(long bytes) {
    return is("request bytes", bytes, actual.requestBytes());
  }

  /**
   * Checks the payload of the response.
   *
   * @param bytes their number, without heads and chunk sizes
   * @return this
   */
  public S hasResponseBytes(long bytes) {
    return is("response bytes", bytes, actual.responseBytes());
  }

  /**
   * Checks that it did not fail.
   *
   * @return this
   */
  public S hasNoError() {
    return is("error", null, error());
  }

  /**
   * Checks what failed, and who caused it.
   *
   * @param side the side
   * @param error the error
   * @return this
   */
  public S hasError(Side side, ProxyError error) {
    RecordedFailure found = error();
    is("side", side, found == null ? null : found.side());
    return is("error", error, found == null ? null : found.error());
  }

  /** The failure, by the rules of the thing. */
  abstract @Nullable RecordedFailure error();

  final S is(String what, @Nullable Object expected, @Nullable Object found) {
    if (!Objects.equals(expected, found)) {
      failWithMessage(
          "Expected %s %s, but found %s; events: %s", what, expected, found, actual.events());
    }
    return myself;
  }
}
