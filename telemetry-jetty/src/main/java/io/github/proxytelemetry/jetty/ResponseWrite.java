package io.github.proxytelemetry.jetty;

import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Learns how a write of the response went, before anybody else does: a proxy that cannot write to
 * its client gives up the upstream, and that is not the upstream's fault.
 *
 * <p>Jetty has one write of a response at a time, so one of these serves all of an exchange.
 */
final class ResponseWrite implements Callback {
  private final ServerExchange exchange;
  // Jetty hands a write over from thread to thread, and this with it.
  private @Nullable Callback callback;
  private volatile boolean last;

  ResponseWrite(ServerExchange exchange) {
    this.exchange = exchange;
  }

  /** Whether nothing is to be written after what was written last. */
  boolean isLast() {
    return last;
  }

  /** Stands in for the callback of the write that begins. */
  Callback begin(boolean isLast, Callback told) {
    if (callback != null) {
      // For the stream to refuse.
      return told;
    }
    last = isLast;
    callback = told;
    return this;
  }

  @Override
  public void succeeded() {
    boolean ended = last;
    Callback told = end();
    if (ended) {
      exchange.responseEnd();
      exchange.writeOver();
    }
    told.succeeded();
  }

  @Override
  public void failed(Throwable failure) {
    boolean ended = last;
    Callback told = end();
    exchange.responseFailed(failure, ended);
    exchange.writeOver();
    told.failed(failure);
  }

  @Override
  public InvocationType getInvocationType() {
    Callback told = callback;
    return told == null ? InvocationType.NON_BLOCKING : told.getInvocationType();
  }

  /** The next write may begin in the callback of this one. */
  private Callback end() {
    Callback told = callback;
    callback = null;
    return told == null ? Callback.NOOP : told;
  }
}
