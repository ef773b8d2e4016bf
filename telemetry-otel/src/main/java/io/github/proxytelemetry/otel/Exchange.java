package io.github.proxytelemetry.otel;

import static io.github.proxytelemetry.Instrument.ERRORS_TOTAL;
import static io.github.proxytelemetry.Instrument.PROCESSING_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.QUEUE_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.REQUESTS_BY_STATUS;
import static io.github.proxytelemetry.Instrument.REQUESTS_IN_PROGRESS;
import static io.github.proxytelemetry.Instrument.REQUESTS_TOTAL;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Scope;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.TunnelObservation;
import io.github.proxytelemetry.Upstream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** A request and its response. */
class Exchange extends Attempts implements ExchangeObservation {
  private static final int REQUEST_ENDED = 1;
  private static final int RESPONSE_ENDED = 2;
  private static final int TUNNELLED = 4;
  private static final int ENDED = 8;

  private static final int SWITCHING_PROTOCOLS = 101;
  static final Scope NO_SCOPE = () -> {};
  private static final long UNKNOWN = -1;

  private static final VarHandle STATE;
  private static final VarHandle HEAD;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(Exchange.class, "state", int.class);
      HEAD = lookup.findVarHandle(Exchange.class, "head", byte.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** What {@link #head} goes through. */
  private static final byte OPEN = 0;

  private static final byte COMMITTED = 1;
  private static final byte RECORDED = 2;

  private final Recorder recorder;
  private final @Nullable Downstream connection;
  private final @Nullable ExchangeLayers layers;
  private @Nullable ExchangeTrace span;
  private @Nullable String route;
  private final long receivedNanos;
  private long queueNanos = UNKNOWN;
  private long processingNanos = UNKNOWN;
  private long responseEndNanos;
  private volatile int state;
  private final byte place;
  private byte head;
  private short status;

  Exchange(
      Recorder recorder,
      @Nullable Downstream connection,
      int place,
      @Nullable ExchangeLayers layers,
      long receivedNanos,
      @Nullable ExchangeTrace span) {
    this.recorder = recorder;
    this.connection = connection;
    this.place = (byte) place;
    this.layers = layers;
    this.receivedNanos = receivedNanos;
    this.span = span;
  }

  @Override
  public void route(String template) {
    route = template;
  }

  @Override
  public void handlingStarted() {
    if (queueNanos == UNKNOWN && !isCommitted()) {
      long now = recorder.now();
      queueNanos = Math.max(0, now - receivedNanos);
      if (span != null) {
        span.handlingStarted(now);
      }
      if (layers != null) {
        layers.handlingStarted(now);
      }
    }
  }

  @Override
  public void requestBytes(long count) {
    if (layers != null) {
      layers.requestBytes(count);
    }
  }

  @Override
  public void responseBytes(long count) {
    if (layers != null) {
      layers.responseBytes(count);
    }
  }

  @Override
  public void requestEnd() {
    int before = endHalf(REQUEST_ENDED, RESPONSE_ENDED);
    if ((before & (REQUEST_ENDED | RESPONSE_ENDED | ENDED)) == RESPONSE_ENDED) {
      conclude(before, null, null);
    }
  }

  @Override
  public <C> void responseStarted(int status, C headers, HeaderAccess<C> access) {
    boolean interim = status >= 100 && status < 200 && status != SWITCHING_PROTOCOLS;
    if (interim) {
      return;
    }
    if ((state & (RESPONSE_ENDED | ENDED)) != 0) {
      recorder.lateUses.add(LateUse.RESPONSE);
      return;
    }
    if (isCommitted()) {
      return;
    }
    long now = recorder.now();
    // Whatever has no label is as good as 1, and is not 0, which says that there was none.
    this.status = (short) (status == 0 || Labels.isStatus(status) ? status : 1);
    HEAD.setRelease(this, COMMITTED);
    processingNanos = Math.max(0, now - receivedNanos - upstreamNanos(now));
    if (layers != null) {
      layers.responseStarted(now, status, route, headers, access);
    }
    if (span != null) {
      span.responseStarted(headers, access);
    }
    recorder.tracing.outbound.strip(headers, access);
    if (status != SWITCHING_PROTOCOLS) {
      recordLatencies();
      if (recorder.serverTiming != null) {
        recorder.serverTiming.addTo(headers, access, processingNanos);
      }
    }
  }

  @Override
  public void responseEnd() {
    if ((state & (RESPONSE_ENDED | ENDED)) != 0) {
      return;
    }
    if (span != null || layers != null) {
      responseEndNanos = recorder.now();
    }
    int before = endHalf(RESPONSE_ENDED, REQUEST_ENDED);
    if ((before & (RESPONSE_ENDED | ENDED)) != 0) {
      return;
    }
    if ((before & REQUEST_ENDED) != 0) {
      conclude(before, null, null);
    } else {
      recorder.metrics.remove(REQUESTS_IN_PROGRESS, place, 1);
    }
  }

  @Override
  public void note(Side side, ProxyError error, @Nullable Throwable cause) {
    blame(side, error);
  }

  @Override
  public void end() {
    if (!finish(null, null)) {
      recorder.lateUses.add(LateUse.END);
    }
  }

  @Override
  public void fail(Side side, ProxyError error, @Nullable Throwable cause) {
    if (!finish(side, error)) {
      recorder.lateUses.add(LateUse.FAIL);
    }
  }

  @Override
  public void discard() {
    int before = mark(ENDED);
    if ((before & ENDED) == 0) {
      release();
      if (isInProgress(before)) {
        recorder.metrics.remove(REQUESTS_IN_PROGRESS, place, 1);
      }
    } else {
      recorder.lateUses.add(LateUse.END);
    }
  }

  @Override
  public AttemptObservation startAttempt(Upstream upstream) {
    if ((state & ENDED) != 0) {
      recorder.lateUses.add(LateUse.START);
    }
    AttemptTrace child =
        span == null ? null : span.startAttempt(recorder, upstream, method(), nextNumber());
    AttemptLayers layer = AttemptLayers.start(recorder, this, upstream, method());
    Attempt attempt = new SafeAttempt(recorder, this, upstream, child, layer);
    attemptStarted(attempt);
    return attempt;
  }

  @Override
  public TunnelObservation startTunnel(TunnelKind kind) {
    if ((mark(TUNNELLED) & TUNNELLED) != 0) {
      recorder.lateUses.add(LateUse.START);
      return Tunnel.NONE;
    }
    finish(null, null);
    return Tunnel.start(recorder, connection, kind);
  }

  @Override
  public Scope activate() {
    ExchangeTrace trace = trace();
    return trace == null ? NO_SCOPE : ExchangeTrace.activate(trace.context());
  }

  @Override
  public @Nullable String traceId() {
    ExchangeTrace trace = trace();
    return trace == null || !trace.place().isValid() ? null : trace.place().getTraceId();
  }

  @Override
  public @Nullable String spanId() {
    ExchangeTrace trace = trace();
    return trace == null || !trace.place().isValid() ? null : trace.place().getSpanId();
  }

  @Override
  void connectionEnded() {
    if ((state & RESPONSE_ENDED) != 0) {
      // The client has its response, and only kept the rest of its request to itself.
      finish(null, null);
    } else {
      finish(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT);
    }
  }

  /** Whether the head has gone out, after which the upstream's time is of no interest. */
  boolean isCommitted() {
    return (byte) HEAD.getAcquire(this) != OPEN;
  }

  final void failed(Throwable thrown) {
    recorder.failed(thrown);
  }

  @Nullable String route() {
    return route;
  }

  /**
   * Its trace: where it is not recorded, a place in one that is made when it is first needed. It is
   * {@code null} where nothing is traced.
   */
  synchronized @Nullable ExchangeTrace trace() {
    if (span == null) {
      span = recorder.tracing.unrecorded();
    }
    return span;
  }

  private int method() {
    return Labels.methodInProgress(place);
  }

  /** Ends it for whoever comes first; tells whether this was the first. */
  private boolean finish(@Nullable Side failedSide, @Nullable ProxyError failure) {
    int before = mark(ENDED);
    if ((before & ENDED) != 0) {
      return false;
    }
    conclude(before, failedSide, failure);
    return true;
  }

  /** It has ended, and these were the flags before. */
  private void conclude(int before, @Nullable Side failedSide, @Nullable ProxyError failure) {
    release();
    recordLatencies();
    if (failure != null) {
      blame(failedSide, failure);
    }
    int blame = blame();
    ProxyError reason = Blame.error(blame);
    Side blamed = Blame.side(blame);
    boolean aborted = failure == ProxyError.CLIENT_ABORT || reason == ProxyError.CLIENT_ABORT;
    int outcome = status == 0 && aborted ? Labels.ABORTED : Labels.status(status);
    if (isInProgress(before)) {
      recorder.metrics.endedRequests.add(place, outcome);
    } else {
      recorder.metrics.add(REQUESTS_TOTAL, method(), 1);
      recorder.metrics.add(REQUESTS_BY_STATUS, outcome, 1);
    }
    if (reason != null && blamed != null) {
      recorder.metrics.add(ERRORS_TOTAL, Labels.error(reason, blamed), 1);
    }
    if (span == null && layers == null) {
      return;
    }
    boolean upgraded = status == SWITCHING_PROTOCOLS || (state & TUNNELLED) != 0;
    long endNanos = (state & RESPONSE_ENDED) != 0 ? responseEndNanos : recorder.now();
    if (layers != null) {
      layers.finished(endNanos, status, outcome == Labels.ABORTED, upgraded, reason, route);
    }
    if (span != null) {
      span.end(
          new ServerSpan.Outcome(method(), route, status, blamed, reason),
          processingNanos,
          upgraded,
          isComplete(),
          endNanos);
    }
  }

  private void release() {
    if (connection != null) {
      connection.release(this);
    }
  }

  /** A response that has ended is no longer waited for, though its request may go on. */
  private static boolean isInProgress(int flags) {
    return (flags & RESPONSE_ENDED) == 0;
  }

  /** Sets a flag, and returns the flags before. */
  private int mark(int flag) {
    while (true) {
      int before = state;
      if ((before & flag) != 0 || STATE.compareAndSet(this, before, before | flag)) {
        return before;
      }
    }
  }

  /** One side has ended, and with it all, if the other had: returns the flags before. */
  private int endHalf(int half, int other) {
    while (true) {
      int before = state;
      int after = before | half | ((before & other) != 0 ? ENDED : 0);
      if ((before & half) != 0 || STATE.compareAndSet(this, before, after)) {
        return before;
      }
    }
  }

  /** At the commit, or at the end where nothing is committed: a discarded exchange has neither. */
  private void recordLatencies() {
    if (head == RECORDED) {
      return;
    }
    HEAD.setRelease(this, RECORDED);
    if (queueNanos > UNKNOWN) {
      recorder.metrics.record(QUEUE_DURATION_SECONDS, 0, queueNanos);
    }
    if (processingNanos > UNKNOWN) {
      recorder.metrics.record(PROCESSING_DURATION_SECONDS, 0, processingNanos);
    }
  }
}
