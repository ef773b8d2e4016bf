package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.RequestInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request and its response, as they passed on one side of the proxy. */
public abstract sealed class RecordedMessages extends RecordedObservation
    permits RecordedExchange, RecordedAttempt {
  private static final int SWITCHING_PROTOCOLS = 101;

  private @Nullable String method;
  private @Nullable String path;
  private long requestBytes;
  private boolean requestEnded;
  private final List<Integer> informational = new ArrayList<>();
  private int status;
  private boolean bodyBeforeHead;
  private long responseBytes;
  private boolean responseEnded;

  RecordedMessages(Ledger ledger, String id) {
    super(ledger, id);
  }

  /**
   * The request's method.
   *
   * @return the method, or {@code null} where no request was told
   */
  public final @Nullable String method() {
    return ledger.<@Nullable String>read(() -> method);
  }

  /**
   * The request's path and query.
   *
   * @return the path, or {@code null} where it is not known
   */
  public final @Nullable String path() {
    return ledger.<@Nullable String>read(() -> path);
  }

  /**
   * How much of the request's body was told.
   *
   * @return bytes
   */
  public final long requestBytes() {
    return ledger.read(() -> requestBytes);
  }

  /**
   * Whether the request's end was told.
   *
   * @return whether it was
   */
  public final boolean requestEnded() {
    return ledger.read(() -> requestEnded);
  }

  /**
   * The interim responses.
   *
   * @return their statuses, in order
   */
  public final List<Integer> informational() {
    return ledger.read(() -> List.copyOf(informational));
  }

  /**
   * The final status, or 101.
   *
   * @return the status, or 0 where no response was told
   */
  public final int status() {
    return ledger.read(() -> status);
  }

  /**
   * How much of the response's body was told.
   *
   * @return bytes
   */
  public final long responseBytes() {
    return ledger.read(() -> responseBytes);
  }

  /**
   * Whether the response's end was told.
   *
   * @return whether it was
   */
  public final boolean responseEnded() {
    return ledger.read(() -> responseEnded);
  }

  /** Called with the lock held, or before it is opened. */
  final void request(RequestInfo request) {
    method = request.method();
    path = request.path();
  }

  final void toldRequestBytes(long count) {
    bytes("request bytes", count, () -> requestBytes += count);
  }

  final void toldRequestEnd() {
    fact(
        "requestEnd",
        () -> {
          requestEnded = true;
          sideEnded();
        });
  }

  final void toldInformational(int interim) {
    fact("informational " + interim, () -> informational.add(interim));
  }

  final void toldStatus(int told) {
    fact(
        "responseStarted " + told,
        () -> {
          if (status == 0) {
            status = told;
          }
        });
  }

  final void toldResponseBytes(long count) {
    bytes(
        "response bytes",
        count,
        () -> {
          bodyBeforeHead |= status == 0;
          responseBytes += count;
        });
  }

  final void toldResponseEnd() {
    fact(
        "responseEnd",
        () -> {
          bodyBeforeHead |= status == 0;
          responseEnded = true;
          sideEnded();
        });
  }

  /** Called with the lock held when the request or the response has ended. */
  abstract void sideEnded();

  @Override
  void check(List<String> violations) {
    if (bodyBeforeHead) {
      violations.add(id() + " was told of a response's body or end before its head");
    }
    if (status != 0 && status != SWITCHING_PROTOCOLS && (status < 200 || status > 599)) {
      violations.add(id() + " was told of status " + status + ", which is no final status");
    }
    for (int interim : informational) {
      if (interim < 100 || interim > 199 || interim == SWITCHING_PROTOCOLS) {
        violations.add(id() + " was told of interim status " + interim);
      }
    }
  }
}
