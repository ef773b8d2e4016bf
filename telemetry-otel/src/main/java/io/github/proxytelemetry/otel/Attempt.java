package io.github.proxytelemetry.otel;

import static io.github.proxytelemetry.Instrument.ATTEMPTS_TOTAL;
import static io.github.proxytelemetry.Instrument.BYTES_RECEIVED_TOTAL;
import static io.github.proxytelemetry.Instrument.BYTES_SENT_TOTAL;
import static io.github.proxytelemetry.Instrument.FIRST_BYTE_LATENCY_SECONDS;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Scope;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.opentelemetry.context.Context;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** One try at an upstream, within an exchange or on its own. */
class Attempt implements AttemptObservation {
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final int FIRST_ERROR_STATUS = 400;

  /** In {@link #end}: it is over, how ({@link Labels}), with what kind of status, and the blame. */
  private static final int OVER = 1;

  private static final int OUTCOME_SHIFT = 1;
  private static final int OUTCOME_MASK = 3;
  private static final int BAD_STATUS = 8;
  private static final int BLAME_SHIFT = 4;

  private static final VarHandle END;
  private static final VarHandle SINCE;
  private static final VarHandle LAST;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      END = lookup.findVarHandle(Attempt.class, "end", short.class);
      SINCE = lookup.findVarHandle(Attempt.class, "sinceNanos", long.class);
      LAST = lookup.findVarHandle(Attempt.class, "lastNanos", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Recorder recorder;
  private final @Nullable Exchange exchange;
  private final Upstream upstream;
  private final @Nullable AttemptTrace span;
  private final @Nullable AttemptLayers layers;

  /** An older attempt that was not over when this one began; belongs to the exchange. */
  @Nullable Attempt earlier;

  // Of these times 0 says "not yet".
  private long sinceNanos;
  private long requestNanos;
  private long lastNanos;
  private short status;
  private volatile short end;

  Attempt(
      Recorder recorder,
      @Nullable Exchange exchange,
      Upstream upstream,
      @Nullable AttemptTrace span,
      @Nullable AttemptLayers layers) {
    this.layers = layers;
    this.recorder = recorder;
    this.exchange = exchange;
    this.upstream = upstream;
    this.span = span;
  }

  final void failed(Throwable thrown) {
    recorder.failed(thrown);
  }

  /** One that is over, and was at work as long as it and all the earlier ones together. */
  Attempt inPlaceOfAll(long untilNanos, long busyNanos, boolean succeeded, boolean complete) {
    Attempt all = new Attempt(recorder, exchange, upstream, null, null);
    all.sinceNanos = busyNanos == 0 ? 0 : untilNanos - busyNanos;
    all.lastNanos = untilNanos;
    int outcome = succeeded ? Labels.SUCCESS : Labels.FAILED;
    all.end = (short) (OVER | outcome << OUTCOME_SHIFT | (complete ? 0 : BAD_STATUS));
    return all;
  }

  /** The last event from the upstream, 0 where there was none. */
  long lastNanos() {
    return (long) LAST.getOpaque(this);
  }

  /** Since when the upstream is at work, while {@link #busyNanos} is not 0. */
  long sinceNanos() {
    return (long) SINCE.getOpaque(this);
  }

  /** For how long the upstream was at work until now: without an answer it still is. */
  long busyNanos(long now) {
    // In this order: whoever ends it says when, and then that it is over.
    boolean over = isOver();
    long last = lastNanos();
    long since = sinceNanos();
    return since == 0 ? 0 : Math.max(0, (last == 0 && !over ? now : last) - since);
  }

  boolean isOver() {
    return end != 0;
  }

  boolean succeeded() {
    int how = end;
    return (how & OVER) != 0 && (how >> OUTCOME_SHIFT & OUTCOME_MASK) == Labels.SUCCESS;
  }

  /** Whether it got a response that is no error. */
  boolean isComplete() {
    return succeeded() && (end & BAD_STATUS) == 0;
  }

  /** What it failed of. */
  int blame() {
    return end >> BLAME_SHIFT;
  }

  @Override
  public ConnectionObservation startConnection() {
    activity();
    AttemptSpans spans = spans();
    return layers == null && spans == null
        ? new Connection(recorder, Side.UPSTREAM)
        : new AttemptConnection(recorder, layers, spans);
  }

  @Override
  public void connectionAcquired(boolean reused) {
    if (!reused) {
      // Somebody dials. A connection that is there costs the upstream nothing yet.
      activity();
    }
    AttemptSpans spans = spans();
    if ((layers == null && spans == null) || isOver()) {
      return;
    }
    long now = recorder.now();
    if (layers != null) {
      layers.connectionAcquired(now);
    }
    if (spans != null) {
      spans.connectionAcquired(now, reused);
    }
  }

  @Override
  public void route(String template) {
    if (layers != null) {
      layers.route(template);
    }
  }

  @Override
  public Scope activate() {
    Context context = context();
    return context == null ? Exchange.NO_SCOPE : ExchangeTrace.activate(context);
  }

  @Override
  public <C> void inject(C headers, HeaderAccess<C> access) {
    Outbound outbound = recorder.tracing.outbound;
    outbound.strip(headers, access);
    Context context = outbound.reaches(upstream) ? context() : null;
    if (context != null) {
      outbound.inject(context, headers, access);
    }
  }

  @Override
  public void requestStarted(RequestInfo request) {
    if (requestNanos != 0 || isOver()) {
      return;
    }
    requestNanos = recorder.now();
    activity(requestNanos);
    if (span != null) {
      span.requestStarted(request);
    }
    if (layers != null) {
      layers.requestStarted(request);
    }
  }

  @Override
  public void requestBytes(long count) {
    if (count > 0 && !isOver()) {
      recorder.metrics.add(BYTES_SENT_TOTAL, 0, count);
    }
  }

  @Override
  public <C> void responseStarted(int status, C headers, HeaderAccess<C> access) {
    if (isInterim(status)) {
      return;
    }
    if (isOver()) {
      recorder.lateUses.add(LateUse.RESPONSE);
    } else if (lastNanos == 0) {
      answered(recorder.now(), status, headers, access);
    }
  }

  @Override
  public void responseBytes(long count) {
    if (count <= 0 || isOver()) {
      return;
    }
    if (lastNanos != 0 && isTimed()) {
      LAST.setOpaque(this, recorder.now());
    }
    countReceived(count);
  }

  @Override
  public <C> void responseReceived(int status, C headers, HeaderAccess<C> access, long count) {
    if (isOver()) {
      recorder.lateUses.add(LateUse.RESPONSE);
      return;
    }
    long now = recorder.now();
    if (lastNanos == 0 && !isInterim(status)) {
      answered(now, status, headers, access);
    }
    if (count > 0) {
      countReceived(count);
    }
    finish(LateUse.END, Labels.SUCCESS, true, null, null, now);
  }

  @Override
  public void responseEnd() {
    end();
  }

  @Override
  public void end() {
    finish(LateUse.END, Labels.SUCCESS, true, null, null, 0);
  }

  @Override
  public void cancel() {
    finish(LateUse.END, Labels.CANCELED, false, null, null, 0);
  }

  @Override
  public void fail(Side side, ProxyError error, @Nullable Throwable cause) {
    if (error == ProxyError.CLIENT_ABORT) {
      cancel();
      return;
    }
    int outcome = error != null && isTimeout(error) ? Labels.TIMEOUT : Labels.FAILED;
    finish(LateUse.FAIL, outcome, side == Side.UPSTREAM, side, error, 0);
  }

  private @Nullable Context context() {
    if (span != null) {
      return span.context();
    }
    ExchangeTrace parent = exchange == null ? null : exchange.trace();
    return parent == null ? null : parent.attemptContext();
  }

  private @Nullable AttemptSpans spans() {
    return span == null ? null : span.layers();
  }

  private void activity() {
    if (sinceNanos == 0 && !isOver()) {
      activity(recorder.now());
    }
  }

  private void activity(long now) {
    if (sinceNanos == 0) {
      SINCE.setOpaque(this, now);
    }
  }

  private <C> void answered(long now, int status, C headers, HeaderAccess<C> access) {
    activity(now);
    LAST.setOpaque(this, now);
    this.status = (short) Math.max(0, Math.min(status, Short.MAX_VALUE));
    // After a 101 the first byte is the tunnel's.
    if (requestNanos != 0 && status != SWITCHING_PROTOCOLS) {
      recorder.metrics.record(FIRST_BYTE_LATENCY_SECONDS, 0, now - requestNanos);
    }
    if (layers != null) {
      layers.responseStarted(now, status, headers, access);
    }
    AttemptSpans spans = spans();
    if (spans != null) {
      spans.responseStarted(now);
    }
  }

  private void countReceived(long count) {
    recorder.metrics.add(BYTES_RECEIVED_TOTAL, 0, count);
    if (layers != null) {
      layers.responseBytes(count);
    }
    AttemptSpans spans = spans();
    if (spans != null) {
      spans.responseBytes(count);
    }
  }

  /** Whether its exchange still has to know when the upstream was at work. */
  private boolean isTimed() {
    return exchange != null && !exchange.isCommitted();
  }

  /**
   * Ends it for whoever comes first, and counts the others; {@code knownNanos} is the time, or 0
   * where it was not read.
   */
  private void finish(
      LateUse ifOver,
      int outcome,
      boolean byUpstream,
      @Nullable Side side,
      @Nullable ProxyError error,
      long knownNanos) {
    if (isOver()) {
      recorder.lateUses.add(ifOver);
      return;
    }
    boolean timed = sinceNanos != 0 && isTimed();
    long now = knownNanos;
    if (now == 0 && (timed || span != null || layers != null)) {
      now = recorder.now();
    }
    if (timed && (byUpstream || lastNanos == 0)) {
      LAST.setOpaque(this, now);
    }
    int how = OVER | outcome << OUTCOME_SHIFT | Blame.of(side, error) << BLAME_SHIFT;
    if (status >= FIRST_ERROR_STATUS) {
      how |= BAD_STATUS;
    }
    if (!END.compareAndSet(this, (short) 0, (short) how)) {
      recorder.lateUses.add(ifOver);
      return;
    }
    recorder.metrics.add(ATTEMPTS_TOTAL, outcome, 1);
    if (span != null) {
      span.end(now, status, outcome == Labels.CANCELED, error);
    }
    if (layers != null) {
      layers.finished(now, outcome, status, error);
    }
  }

  private static boolean isInterim(int status) {
    return status >= 100 && status < 200 && status != SWITCHING_PROTOCOLS;
  }

  private static boolean isTimeout(ProxyError error) {
    return switch (error) {
      case DNS_TIMEOUT,
          CONNECTION_TIMEOUT,
          CONNECTION_READ_TIMEOUT,
          CONNECTION_WRITE_TIMEOUT,
          HTTP_RESPONSE_TIMEOUT ->
          true;
      default -> false;
    };
  }
}
