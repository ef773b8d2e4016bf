package io.github.proxytelemetry.httpclient;

import java.io.EOFException;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;

/** The body of a request. The JDK asks for it again when it sends the request again. */
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
    // The JDK's rule 1.9 for null is the body's to keep.
    body.subscribe(subscriber == null ? subscriber : new Upload(subscriber, call, contentLength()));
  }

  /** One sending of the body. */
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
      call.attempt.requestBytes(part.remaining());
      subscriber.onNext(part);
    }

    /** The host's own body failed: the origin has no part in it. */
    @Override
    public void onError(Throwable thrown) {
      call.uploadFailed(thrown);
      subscriber.onError(thrown);
    }

    /** JDK 17 ends a stream that it cannot read as if it were over. */
    @Override
    public void onComplete() {
      if (sent < length) {
        call.uploadFailed(new EOFException("The request's body is shorter than its length"));
      } else {
        call.attempt.requestEnd();
      }
      subscriber.onComplete();
    }
  }
}
