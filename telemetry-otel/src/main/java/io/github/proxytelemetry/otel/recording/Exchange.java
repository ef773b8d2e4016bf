package io.github.proxytelemetry.otel.recording;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.metrics.LabelValues;
import io.github.proxytelemetry.otel.metrics.LateCall;
import io.github.proxytelemetry.otel.metrics.Metrics;
import io.github.proxytelemetry.otel.metrics.PackedLabels;
import io.github.proxytelemetry.otel.tracing.AttemptTrace;
import io.github.proxytelemetry.otel.tracing.ExchangeOutcome;
import io.github.proxytelemetry.otel.tracing.ExchangeTrace;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A request and its response. It ends when both have ended, or at the first terminal call. {@link
 * SafeExchange} is what the host gets.
 */
abstract class Exchange extends OpenOnConnection implements ExchangeObservation {
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final long UNKNOWN = -1;

  private static final VarHandle LATEST;

  static {
    try {
      LATEST =
          MethodHandles.lookup().findVarHandle(Exchange.class, "latest", AttemptProgress.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Recorder recorder;
  final @Nullable DownstreamConnection connection;
  final @Nullable ExchangeLayers layers;
  private @Nullable ExchangeTrace trace;
  private @Nullable String route;

  /** The attempt started last, linked to the earlier ones. Written by the exchange's thread. */
  private @Nullable AttemptProgress latest;

  private final long receivedNanos;
  private long queueNanos = UNKNOWN;
  private long processingNanos = UNKNOWN;
  private long responseEndNanos;
  private final byte labels;
  private boolean committed;
  private boolean recorded;
  private short started;
  private short status;

  /**
   * @param labels of {@link Metrics#requestInProgress}
   */
  Exchange(
      Recorder recorder,
      @Nullable DownstreamConnection connection,
      int labels,
      @Nullable ExchangeLayers layers,
      long receivedNanos,
      @Nullable ExchangeTrace trace) {
    this.recorder = recorder;
    this.connection = connection;
    this.labels = (byte) labels;
    this.layers = layers;
    this.receivedNanos = receivedNanos;
    this.trace = trace;
  }

  @Override
  public void route(String template) {
    route = template;
  }

  @Override
  public void handlingStarted() {
    if (queueNanos != UNKNOWN || committed) {
      return;
    }
    long now = recorder.now();
    queueNanos = Math.max(0, now - receivedNanos);
    if (trace != null) {
      trace.handlingStarted(now);
    }
    if (layers != null) {
      layers.handlingStarted(now);
    }
  }

  @Override
  public void requestEnd() {
    int before = endHalf(REQUEST_ENDED, RESPONSE_ENDED);
    if ((before & (REQUEST_ENDED | RESPONSE_ENDED | ENDED)) == RESPONSE_ENDED) {
      conclude(before, null);
    }
  }

  @Override
  public <C> void responseStarted(int status, C headers, HeaderAccess<C> access) {
    if (status >= 100 && status < 200 && status != SWITCHING_PROTOCOLS) {
      return;
    }
    if (is(RESPONSE_ENDED | ENDED)) {
      recorder.late(LateCall.RESPONSE);
      return;
    }
    if (committed) {
      return;
    }
    long now = recorder.now();
    // A status outside 100 to 599 is kept as 1, because 0 stands for "no response".
    this.status = (short) (status == 0 || LabelValues.isStatus(status) ? status : 1);
    committed = true;
    processingNanos = Math.max(0, now - receivedNanos - Attempts.busyNanos(latest, now));
    if (layers != null) {
      layers.responseStarted(now, status, route, headers, access);
    }
    if (trace != null) {
      trace.responseStarted(headers, access);
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
    if (is(RESPONSE_ENDED | ENDED)) {
      return;
    }
    if (trace != null || layers != null) {
      responseEndNanos = recorder.now();
    }
    int before = endHalf(RESPONSE_ENDED, REQUEST_ENDED);
    if ((before & (RESPONSE_ENDED | ENDED)) != 0) {
      return;
    }
    if ((before & REQUEST_ENDED) != 0) {
      conclude(before, null);
    } else {
      recorder.metrics.remove(Instrument.REQUESTS_IN_PROGRESS, labels, 1);
    }
  }

  @Override
  public void note(Side side, ProxyError error, @Nullable Throwable cause) {
    fault(side, error);
  }

  @Override
  public void end() {
    if (!finish(null, null)) {
      recorder.late(LateCall.END);
    }
  }

  @Override
  public void fail(Side side, ProxyError error, @Nullable Throwable cause) {
    if (!finish(side, error)) {
      recorder.late(LateCall.FAIL);
    }
  }

  @Override
  public void discard() {
    int before = set(ENDED);
    if ((before & ENDED) != 0) {
      recorder.late(LateCall.END);
      return;
    }
    release();
    if ((before & RESPONSE_ENDED) == 0) {
      recorder.metrics.remove(Instrument.REQUESTS_IN_PROGRESS, labels, 1);
    }
  }

  @Override
  public AttemptObservation startAttempt(Upstream upstream) {
    if (is(ENDED)) {
      recorder.late(LateCall.START);
    }
    int method = Metrics.method(labels);
    started = (short) Math.min(started + 1, Short.MAX_VALUE);
    long now = trace != null || recorder.metrics.measuresAttempts() ? recorder.now() : 0;
    AttemptTrace span = trace == null ? null : trace.startAttempt(upstream, method, started, now);
    AttemptLayers layer = AttemptLayers.start(recorder.metrics, this, upstream, method, now);
    Attempt attempt = new SafeAttempt(recorder, this, upstream, span, layer);
    Attempts.link(attempt, latest);
    LATEST.setRelease(this, attempt);
    return attempt;
  }

  /** A client that has its whole response, and leaves during its own request, aborts nothing. */
  @Override
  void connectionEnded() {
    boolean answered = is(RESPONSE_ENDED);
    finish(answered ? null : Side.DOWNSTREAM, answered ? null : ProxyError.CLIENT_ABORT);
  }

  /** Whether the response head was sent, after which the upstreams' time no longer counts. */
  boolean isCommitted() {
    return committed;
  }

  @Nullable String route() {
    return route;
  }

  /** The trace; one that is not sampled is created on first use. {@code null} if tracing is off. */
  synchronized @Nullable ExchangeTrace trace() {
    if (trace == null) {
      trace = recorder.tracing.unsampled();
    }
    return trace;
  }

  /** Ends the exchange, unless it has ended; returns whether this call did. */
  final boolean finish(@Nullable Side side, @Nullable ProxyError failure) {
    int before = set(ENDED);
    if ((before & ENDED) != 0) {
      return false;
    }
    fault(side, failure);
    conclude(before, failure);
    return true;
  }

  /** Records the exchange, once; {@code before} are the flags before it ended. */
  private void conclude(int before, @Nullable ProxyError failure) {
    release();
    recordLatencies();
    int first = fault();
    AttemptProgress last = (AttemptProgress) LATEST.getAcquire(this);
    int fault = first != Fault.NONE ? first : Attempts.fault(last);
    ProxyError error = Fault.error(fault);
    Side side = Fault.side(fault);
    boolean left = failure == ProxyError.CLIENT_ABORT || error == ProxyError.CLIENT_ABORT;
    boolean aborted = status == 0 && left;
    count(before, aborted ? LabelValues.ABORTED : LabelValues.status(status), side, error);
    if (trace == null && layers == null) {
      return;
    }
    boolean upgraded = status == SWITCHING_PROTOCOLS || is(TUNNELLED);
    long endNanos = is(RESPONSE_ENDED) ? responseEndNanos : recorder.now();
    if (layers != null) {
      layers.finished(endNanos, status, aborted, upgraded, error, route);
    }
    if (trace != null) {
      trace.end(
          new ExchangeOutcome(
              Metrics.method(labels),
              route,
              status,
              side,
              error,
              processingNanos,
              upgraded,
              Attempts.isComplete(last)),
          endNanos);
    }
  }

  private void count(int before, int outcome, @Nullable Side side, @Nullable ProxyError error) {
    Metrics metrics = recorder.metrics;
    if ((before & RESPONSE_ENDED) == 0) {
      metrics.remove(Instrument.REQUESTS_IN_PROGRESS, labels, 1);
    }
    metrics.add(Instrument.REQUESTS_TOTAL, labels, 1);
    metrics.add(Instrument.REQUESTS_BY_STATUS, PackedLabels.status(outcome), 1);
    if (side != null && error != null) {
      metrics.add(Instrument.ERRORS_TOTAL, PackedLabels.error(error, side), 1);
    }
  }

  private void release() {
    if (connection != null) {
      connection.remove(this);
    }
  }

  /** At the commit, or at the end if there is none; a discarded exchange has neither. */
  private void recordLatencies() {
    if (recorded) {
      return;
    }
    recorded = true;
    if (queueNanos > UNKNOWN) {
      recorder.metrics.record(Instrument.QUEUE_DURATION_SECONDS, 0, queueNanos);
    }
    if (processingNanos > UNKNOWN) {
      recorder.metrics.record(Instrument.PROCESSING_DURATION_SECONDS, 0, processingNanos);
    }
  }
}
