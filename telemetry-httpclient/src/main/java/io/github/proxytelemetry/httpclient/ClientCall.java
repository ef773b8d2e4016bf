package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import java.io.IOException;
import java.io.UncheckedIOException;
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
 * One request on its way, and its response until the handler of its body is asked for.
 *
 * <p>Request and response are told by different threads, but one after the other: the JDK asks for
 * the body's handler when the request's body is over.
 */
final class ClientCall<T> implements BodyHandler<T>, BiConsumer<HttpResponse<T>, Throwable> {
  @SuppressWarnings("rawtypes")
  private static final AtomicIntegerFieldUpdater<ClientCall> WAIT_IS_OVER =
      AtomicIntegerFieldUpdater.newUpdater(ClientCall.class, "waitIsOver");

  final AttemptObservation attempt;
  private final HttpRequest original;
  private final UnreadBodies unread;
  private final Handshakes handshakes;
  private final int waitingSince;
  private volatile int waitIsOver;
  private @Nullable UploadPublisher upload;
  private @Nullable BodyHandler<T> handler;

  ClientCall(
      AttemptObservation attempt,
      HttpRequest original,
      UnreadBodies unread,
      Handshakes handshakes) {
    this.attempt = attempt;
    this.original = original;
    this.unread = unread;
    this.handshakes = handshakes;
    this.waitingSince = handshakes.awaitHead();
  }

  /** The request as it is sent: the host's own one, if there is nothing to add to it. */
  HttpRequest request() {
    RequestHeaders headers = new RequestHeaders(original.headers().map());
    attempt.inject(headers, RequestHeaders.ACCESS);
    BodyPublisher body = original.bodyPublisher().orElse(null);
    if (body != null) {
      upload = new UploadPublisher(body, this);
    }
    requestStarted();
    if (body == null) {
      attempt.requestEnd();
    }
    return headers.isChanged() || upload != null ? headers.copy(original, upload) : original;
  }

  BodyHandler<T> handler(BodyHandler<T> hosts) {
    handler = hosts;
    return this;
  }

  /** Learns of a failure before the body without taking the host's place in the future. */
  CompletableFuture<HttpResponse<T>> watch(CompletableFuture<HttpResponse<T>> future) {
    var unused = future.whenComplete(this);
    return future;
  }

  @Override
  public BodySubscriber<T> apply(ResponseInfo info) {
    waitIsOver();
    HttpHeaders headers = info.headers();
    if (upload != null && !upload.isSubscribed()) {
      // Nobody asks for a body whose length is known to be 0.
      attempt.requestEnd();
    }
    attempt.responseStarted(info.statusCode(), headers, ResponseHeaders.ACCESS);
    BodySubscriber<T> subscriber;
    try {
      subscriber = Objects.requireNonNull(handler).apply(info);
    } catch (Throwable thrown) {
      attempt.fail(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, thrown);
      throw thrown;
    }
    // What the JDK says about a missing subscriber is not ours to say.
    return subscriber == null
        ? subscriber
        : new DownloadSubscriber<>(subscriber, attempt, headers, unread);
  }

  @Override
  public void accept(@Nullable HttpResponse<T> response, @Nullable Throwable failure) {
    if (failure != null) {
      failed(failure);
    }
  }

  void failed(Throwable failure) {
    Failures.tell(attempt, failure);
    waitIsOver();
  }

  private void waitIsOver() {
    if (waitIsOver == 0 && WAIT_IS_OVER.compareAndSet(this, 0, 1)) {
      handshakes.waitIsOver(waitingSince);
    }
  }

  /** The request's body broke off, by its client for instance: the origin has no part in it. */
  void uploadFailed(Throwable failure) {
    if (failure instanceof IOException || failure instanceof UncheckedIOException) {
      attempt.cancel();
    } else {
      attempt.fail(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, failure);
    }
  }

  /** The request goes out, for the first time or again. */
  void requestStarted() {
    attempt.requestStarted(SentRequest.of(original));
  }
}
