package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.RequestInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Record of a request and its response on one side of the proxy. */
public abstract sealed class RecordedMessages extends RecordedObservation
    permits RecordedExchange, RecordedAttempt {
  private static final int SWITCHING_PROTOCOLS = 101;

  private @Nullable String method;
  private @Nullable String path;
  private @Nullable String protocolVersion;
  private List<String> traceState = List.of();
  private long requestBytes;
  private boolean requestEnded;
  private final List<Integer> informational = new ArrayList<>();
  private int status;
  private @Nullable String grpcStatus;
  private boolean bodyBeforeHead;
  private long responseBytes;
  private boolean responseEnded;

  RecordedMessages(Ledger ledger, String id) {
    super(ledger, id);
  }

  /**
   * Returns the request method.
   *
   * @return the method, or {@code null} if no request was reported
   */
  public final @Nullable String method() {
    return ledger.<@Nullable String>read(() -> method);
  }

  /**
   * Returns the request's path and query.
   *
   * @return the path, or {@code null} if unknown
   */
  public final @Nullable String path() {
    return ledger.<@Nullable String>read(() -> path);
  }

  /**
   * Returns the HTTP version: of the response, or of the request where that reports none.
   *
   * @return the version, such as {@code 1.1}; or {@code null} if unknown
   */
  public final @Nullable String protocolVersion() {
    return ledger.<@Nullable String>read(() -> protocolVersion);
  }

  /**
   * Returns the request's {@code tracestate} as a back end is shown it.
   *
   * @return its lines in order; empty if it is absent or no request was reported
   */
  public final List<String> traceState() {
    return ledger.read(() -> traceState);
  }

  /**
   * Returns the size of the request body.
   *
   * @return the sum of the reported bytes
   */
  public final long requestBytes() {
    return ledger.read(() -> requestBytes);
  }

  /**
   * Whether the end of the request was reported.
   *
   * @return whether {@code requestEnd} was called
   */
  public final boolean requestEnded() {
    return ledger.read(() -> requestEnded);
  }

  /**
   * Returns the interim responses.
   *
   * @return their statuses in order
   */
  public final List<Integer> informational() {
    return ledger.read(() -> List.copyOf(informational));
  }

  /**
   * Returns the final status, or 101.
   *
   * @return the status, or 0 if no response was reported
   */
  public final int status() {
    return ledger.read(() -> status);
  }

  /**
   * Returns the gRPC status of the response.
   *
   * @return the {@code grpc-status} in the response's trailers or its head, as it is; or {@code
   *     null} if it has none
   */
  public final @Nullable String grpcStatus() {
    return ledger.<@Nullable String>read(() -> grpcStatus);
  }

  /**
   * Returns the size of the response body.
   *
   * @return the sum of the reported bytes
   */
  public final long responseBytes() {
    return ledger.read(() -> responseBytes);
  }

  /**
   * Whether the end of the response was reported.
   *
   * @return whether {@code responseEnd} was called
   */
  public final boolean responseEnded() {
    return ledger.read(() -> responseEnded);
  }

  /** Called with the lock held, or before the record is opened. */
  final void request(RequestInfo request) {
    method = request.method();
    path = request.path();
    protocolVersion = request.protocolVersion();
    traceState = List.copyOf(request.headers("tracestate"));
  }

  final void recordRequestBytes(long count) {
    bytes("request bytes", count, () -> requestBytes += count);
  }

  final void recordRequestEnd() {
    event(
        "requestEnd",
        () -> {
          requestEnded = true;
          sideEnded();
        });
  }

  final void recordInformational(int interim) {
    event("informational " + interim, () -> informational.add(interim));
  }

  final void recordProtocolVersion(String reported) {
    ledger.write(() -> protocolVersion = reported);
  }

  final void recordStatus(int reported, @Nullable String grpc) {
    event(
        "responseStarted " + reported,
        () -> {
          if (status == 0) {
            status = reported;
            grpcStatus = grpc;
          }
        });
  }

  final void recordResponseTrailers(@Nullable String grpc) {
    event(
        "responseTrailers",
        () -> {
          bodyBeforeHead |= status == 0;
          grpcStatus = grpc == null ? grpcStatus : grpc;
        });
  }

  final void recordResponseBytes(long count) {
    bytes(
        "response bytes",
        count,
        () -> {
          bodyBeforeHead |= status == 0;
          responseBytes += count;
        });
  }

  final void recordResponseEnd() {
    event(
        "responseEnd",
        () -> {
          bodyBeforeHead |= status == 0;
          responseEnded = true;
          sideEnded();
        });
  }

  /** Called with the lock held, when the request or the response has ended. */
  abstract void sideEnded();

  @Override
  void check(List<String> violations) {
    if (bodyBeforeHead) {
      violations.add(id() + " has a response body or end before the response head");
    }
    if (status >= 100 && status < 200 && status != SWITCHING_PROTOCOLS) {
      violations.add(id() + " has status " + status + ", which is not a final status");
    }
    for (int interim : informational) {
      if (interim < 100 || interim > 199 || interim == SWITCHING_PROTOCOLS) {
        violations.add(id() + " has an invalid interim status " + interim);
      }
    }
  }
}
