package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient.Version;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One call of an HTTP client, from the request to the head of its response.
 *
 * <p>Different threads report request and response, and the call may fail, or be cancelled, while
 * either goes on. So the events of its attempt, but for the end, are reported under the lock that
 * marks the end: none follows it.
 */
final class ClientCall<T> implements BodyHandler<T>, BiConsumer<HttpResponse<T>, Throwable> {
  @SuppressWarnings("rawtypes")
  private static final AtomicIntegerFieldUpdater<ClientCall> WAIT_ENDED =
      AtomicIntegerFieldUpdater.newUpdater(ClientCall.class, "waitEnded");

  private final AttemptObservation attempt;
  private final HttpRequest original;
  final UnreadBodies unread;
  private final PendingHandshakes handshakes;
  private final int waitingSince;
  private volatile int waitEnded;
  private boolean ended;
  private @Nullable UploadPublisher upload;
  private @Nullable BodyHandler<T> handler;

  ClientCall(
      AttemptObservation attempt,
      HttpRequest original,
      UnreadBodies unread,
      PendingHandshakes handshakes) {
    this.attempt = attempt;
    this.original = original;
    this.unread = unread;
    this.handshakes = handshakes;
    this.waitingSince = handshakes.awaitHead();
  }

  /** The request to send: the host's own one, if there is nothing to add to it. */
  HttpRequest request() {
    ClientRequestInfo request = new ClientRequestInfo(original);
    attempt.inject(request, OutgoingHeaders.ACCESS);
    BodyPublisher body = original.bodyPublisher().orElse(null);
    if (body != null) {
      upload = new UploadPublisher(body, this);
    }
    attempt.requestStarted(request);
    if (body == null) {
      attempt.requestEnd();
    }
    return request.toSend(upload);
  }

  BodyHandler<T> handler(BodyHandler<T> host) {
    handler = host;
    return this;
  }

  /** Observes a failure before the body. Returns the same future, not a dependent one. */
  CompletableFuture<HttpResponse<T>> watch(CompletableFuture<HttpResponse<T>> future) {
    var unused = future.whenComplete(this);
    return future;
  }

  @Override
  public BodySubscriber<T> apply(ResponseInfo info) {
    endWait();
    HttpHeaders headers = info.headers();
    responseStarted(info, headers);
    BodySubscriber<T> subscriber;
    try {
      subscriber = Objects.requireNonNull(handler).apply(info);
    } catch (Throwable thrown) {
      proxyFailed(thrown);
      throw thrown;
    }
    // The JDK reports a missing subscriber in its own words.
    return subscriber == null ? subscriber : new DownloadSubscriber<>(subscriber, this, headers);
  }

  private synchronized void responseStarted(ResponseInfo info, HttpHeaders headers) {
    if (ended) {
      return;
    }
    if (upload != null && !upload.isSubscribed()) {
      // The JDK does not subscribe to a body of length 0.
      attempt.requestEnd();
    }
    attempt.protocolVersion(number(info.version()));
    attempt.responseStarted(info.statusCode(), headers, ReadOnlyHeaders.ACCESS);
  }

  @Override
  public void accept(@Nullable HttpResponse<T> response, @Nullable Throwable failure) {
    if (failure != null) {
      failed(failure);
    }
  }

  void failed(Throwable failure) {
    if (markEnded()) {
      ErrorClassifier.report(attempt, failure);
    }
    endWait();
  }

  /** The response body is complete. */
  void responseEnd() {
    if (markEnded()) {
      attempt.responseEnd();
    }
  }

  /** The host cancelled the request. */
  void cancel() {
    if (markEnded()) {
      attempt.cancel();
    }
  }

  /** The number of a version; empty, which is ignored, for one that nobody knows yet. */
  private static String number(@Nullable Version version) {
    if (version == Version.HTTP_1_1) {
      return "1.1";
    }
    if (version == Version.HTTP_2) {
      return "2";
    }
    // JDK 26 has it, JDK 17 no constant. A client of the host's own may give null.
    return version != null && version.name().equals("HTTP_3") ? "3" : "";
  }

  private void endWait() {
    if (waitEnded == 0 && WAIT_ENDED.compareAndSet(this, 0, 1)) {
      handshakes.headReceived(waitingSince);
    }
  }

  /**
   * The request body failed, for instance because its client disconnected: not the origin's fault.
   */
  void uploadFailed(Throwable failure) {
    if (failure instanceof IOException || failure instanceof UncheckedIOException) {
      cancel();
    } else {
      proxyFailed(failure);
    }
  }

  /** The request is sent, for the first time or again. */
  synchronized void requestStarted() {
    if (!ended) {
      attempt.requestStarted(new ClientRequestInfo(original));
    }
  }

  synchronized void requestBytes(int count) {
    if (!ended) {
      attempt.requestBytes(count);
    }
  }

  synchronized void requestEnd() {
    if (!ended) {
      attempt.requestEnd();
    }
  }

  synchronized void responseBytes(long count) {
    if (!ended) {
      attempt.responseBytes(count);
    }
  }

  private void proxyFailed(Throwable failure) {
    if (markEnded()) {
      attempt.fail(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, failure);
    }
  }

  /**
   * Whether this is the first end of the attempt: the JDK reports the failure of a body to its
   * subscriber and to the caller.
   */
  private synchronized boolean markEnded() {
    boolean first = !ended;
    ended = true;
    return first;
  }
}
