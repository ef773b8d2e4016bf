package io.github.proxytelemetry.httpclient;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/** Subscriber of a response body that reports its bytes and its end. */
final class DownloadSubscriber<T> implements BodySubscriber<T>, Subscription {
  @SuppressWarnings("rawtypes")
  private static final AtomicLongFieldUpdater<DownloadSubscriber> DEMAND =
      AtomicLongFieldUpdater.newUpdater(DownloadSubscriber.class, "demand");

  private final BodySubscriber<T> subscriber;
  private final ClientCall<T> call;
  private final HttpHeaders headers;
  private volatile long demand;
  private volatile boolean over;
  private volatile boolean watched;
  private @Nullable Subscription subscription;
  private long received;

  DownloadSubscriber(BodySubscriber<T> subscriber, ClientCall<T> call, HttpHeaders headers) {
    this.subscriber = subscriber;
    this.call = call;
    this.headers = headers;
  }

  @Override
  public CompletionStage<T> getBody() {
    return subscriber.getBody();
  }

  @Override
  public void onSubscribe(Subscription given) {
    subscription = given;
    subscriber.onSubscribe(this);
    if (demand != Long.MAX_VALUE && !over) {
      watched = true;
      call.unread.watch(this);
      if (over) {
        call.unread.forget(this);
      }
    }
  }

  @Override
  public void onNext(List<ByteBuffer> parts) {
    if (demand != Long.MAX_VALUE) {
      DEMAND.decrementAndGet(this);
    }
    long count = 0;
    for (int i = 0; i < parts.size(); i++) {
      count += parts.get(i).remaining();
    }
    received += count;
    call.responseBytes(count);
    subscriber.onNext(parts);
  }

  @Override
  public void onError(Throwable thrown) {
    over();
    call.failed(thrown);
    subscriber.onError(thrown);
  }

  @Override
  public void onComplete() {
    over();
    call.responseEnd();
    subscriber.onComplete();
  }

  @Override
  public void request(long count) {
    if (count > 0 && demand != Long.MAX_VALUE) {
      DEMAND.accumulateAndGet(this, count, DownloadSubscriber::cappedSum);
    }
    subscription().request(count);
  }

  /**
   * Cancelled by the host. A body with all bytes of its Content-Length is complete nevertheless.
   */
  @Override
  public void cancel() {
    over();
    String length = ReadOnlyHeaders.ACCESS.get(headers, "content-length");
    if (length != null && length.equals(Long.toString(received))) {
      call.responseEnd();
    } else {
      call.cancel();
    }
    subscription().cancel();
  }

  /** Whether the host has received all items that it requested. */
  boolean isIdle() {
    return demand == 0;
  }

  /** The number of bytes received; unchanged while the body is stalled. */
  long received() {
    return received;
  }

  void abandon() {
    over();
    call.cancel();
  }

  private void over() {
    over = true;
    if (watched) {
      call.unread.forget(this);
    }
  }

  private Subscription subscription() {
    if (subscription == null) {
      throw new IllegalStateException("not subscribed");
    }
    return subscription;
  }

  private static long cappedSum(long demand, long more) {
    long sum = demand + more;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
