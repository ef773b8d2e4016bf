package io.github.proxytelemetry.httpclient;

import java.io.EOFException;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;

/** Publisher that observes a request body. The JDK subscribes again when it resends the request. */
final class UploadPublisher implements BodyPublisher {
  private final BodyPublisher body;
  private final ClientCall<?> call;
  private volatile boolean subscribed;

  UploadPublisher(BodyPublisher body, ClientCall<?> call) {
    this.body = body;
    this.call = call;
  }

  boolean isSubscribed() {
    return subscribed;
  }

  @Override
  public long contentLength() {
    return body.contentLength();
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
    if (subscribed) {
      call.requestStarted();
    }
    subscribed = true;
    // Rejecting null (reactive streams, rule 1.9) is left to the wrapped publisher.
    body.subscribe(subscriber == null ? subscriber : new Upload(subscriber, call, contentLength()));
  }

  /** Subscriber of one transmission of the body. */
  private static final class Upload implements Subscriber<ByteBuffer> {
    private final Subscriber<? super ByteBuffer> subscriber;
    private final ClientCall<?> call;
    private final long length;
    private long sent;

    Upload(Subscriber<? super ByteBuffer> subscriber, ClientCall<?> call, long length) {
      this.subscriber = subscriber;
      this.call = call;
      this.length = length;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      subscriber.onSubscribe(subscription);
    }

    @Override
    public void onNext(ByteBuffer part) {
      sent += part.remaining();
      call.requestBytes(part.remaining());
      subscriber.onNext(part);
    }

    /** The host's publisher failed: not the origin's fault. */
    @Override
    public void onError(Throwable thrown) {
      call.uploadFailed(thrown);
      subscriber.onError(thrown);
    }

    /** JDK 17 completes a body whose input stream cannot be read as if it had ended. */
    @Override
    public void onComplete() {
      if (sent < length) {
        call.uploadFailed(new EOFException("request body is shorter than its Content-Length"));
      } else {
        call.requestEnd();
      }
      subscriber.onComplete();
    }
  }
}
