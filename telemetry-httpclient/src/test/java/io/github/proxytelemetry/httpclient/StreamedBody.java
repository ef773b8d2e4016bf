package io.github.proxytelemetry.httpclient;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.Semaphore;

/**
 * Publisher of a request body that is forwarded while it arrives. {@code
 * BodyPublishers.ofInputStream} would block the client's threads, which also write heads.
 */
final class StreamedBody implements BodyPublisher {
  private final InputStream in;
  private final long length;
  private final Executor threads;
  private volatile boolean broken;

  StreamedBody(InputStream in, long length, Executor threads) {
    this.in = in;
    this.length = length;
    this.threads = threads;
  }

  /** Whether the client disconnected, or sent a malformed body. */
  boolean isBroken() {
    return broken;
  }

  @Override
  public long contentLength() {
    return length;
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
    Pump pump = new Pump(subscriber);
    subscriber.onSubscribe(pump);
    threads.execute(pump);
  }

  private final class Pump implements Subscription, Runnable {
    private final Subscriber<? super ByteBuffer> subscriber;
    private final Semaphore demand = new Semaphore(0);
    private volatile boolean cancelled;

    Pump(Subscriber<? super ByteBuffer> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long count) {
      demand.release((int) Math.min(count, 1024));
    }

    @Override
    public void cancel() {
      cancelled = true;
      demand.release();
    }

    @Override
    public void run() {
      try {
        byte[] buffer = new byte[8192];
        demand.acquire();
        for (int count = in.read(buffer); count >= 0 && !cancelled; count = in.read(buffer)) {
          subscriber.onNext(ByteBuffer.wrap(buffer.clone(), 0, count));
          demand.acquire();
        }
        subscriber.onComplete();
      } catch (IOException | InterruptedException failure) {
        broken = true;
        subscriber.onError(failure);
      }
    }
  }
}
