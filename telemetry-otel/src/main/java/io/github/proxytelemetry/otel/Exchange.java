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
import org.jspecify.annotations.Nullable;

/** A request and its response. */
final class Exchange extends Attempts implements ExchangeObservation {
  private static final int REQUEST_ENDED = 1;
  private static final int RESPONSE_ENDED = 2;
  private static final int TUNNELLED = 4;
  private static final int ENDED = 8;

  private static final int SWITCHING_PROTOCOLS = 101;
  static final Scope NO_SCOPE = () -> {};
  private static final long UNKNOWN = -1;

  private final Recorder recorder;
  private final @Nullable Downstream connection;
  private final int method;
  private final int place;
  private final @Nullable ExchangeLayers layers;
  private final long receivedNanos;
  private final Flags state = new Flags();
  private @Nullable ExchangeTrace span;
  private @Nullable String route;
  private int status;
  private long queueNanos = UNKNOWN;
  private long processingNanos = UNKNOWN;
  private boolean latenciesRecorded;
  private long responseEndNanos;

  Exchange(
      Recorder recorder,
      @Nullable Downstream connection,
      int method,
      int place,
      @Nullable ExchangeLayers layers,
      long receivedNanos,
      @Nullable ExchangeTrace span) {
    this.place = place;
    this.layers = layers;
    this.recorder = recorder;
    this.connection = connection;
    this.method = method;
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
    if (state.mark(REQUEST_ENDED) == RESPONSE_ENDED) {
      finish(null, null);
    }
  }

  @Override
  public <C> void responseStarted(int status, C headers, HeaderAccess<C> access) {
    boolean interim = status >= 100 && status < 200 && status != SWITCHING_PROTOCOLS;
    if (interim || isCommitted() || (state.get() & (RESPONSE_ENDED | ENDED)) != 0) {
      return;
    }
    long now = recorder.now();
    this.status = status;
    processingNanos = Math.max(0, now - receivedNanos - commit(now));
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
    if ((state.get() & (RESPONSE_ENDED | ENDED)) != 0) {
      return;
    }
    if (span != null || layers != null) {
      responseEndNanos = recorder.now();
    }
    int before = state.mark(RESPONSE_ENDED);
    if ((before & (RESPONSE_ENDED | ENDED)) != 0) {
      return;
    }
    recorder.metrics.remove(REQUESTS_IN_PROGRESS, place);
    if ((before & REQUEST_ENDED) != 0) {
      finish(null, null);
    }
  }

  @Override
  public void note(Side side, ProxyError error, @Nullable Throwable cause) {
    blame(side, error);
  }

  @Override
  public void end() {
    finish(null, null);
  }

  @Override
  public void fail(Side side, ProxyError error, @Nullable Throwable cause) {
    finish(side, error);
  }

  @Override
  public void discard() {
    leave();
  }

  @Override
  public AttemptObservation startAttempt(Upstream upstream) {
    int number = attemptStarted();
    AttemptTrace child =
        span == null ? null : span.startAttempt(recorder, upstream, method, number);
    return new Attempt(
        recorder,
        this,
        upstream,
        child,
        AttemptLayers.start(recorder, this, upstream, method),
        number);
  }

  @Override
  public TunnelObservation startTunnel(TunnelKind kind) {
    if ((state.mark(TUNNELLED) & TUNNELLED) != 0) {
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
    if ((state.get() & RESPONSE_ENDED) != 0) {
      // The client has its response, and only kept the rest of its request to itself.
      finish(null, null);
    } else {
      finish(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT);
    }
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

  private void finish(@Nullable Side failedSide, @Nullable ProxyError failure) {
    if (!leave()) {
      return;
    }
    recordLatencies();
    if (failure != null) {
      blame(failedSide, failure);
    }
    ProxyError reason = error();
    Side blamed = reason == null ? null : side();
    boolean aborted = failure == ProxyError.CLIENT_ABORT || reason == ProxyError.CLIENT_ABORT;
    recorder.metrics.add(REQUESTS_TOTAL, method, 1);
    int outcome = status == 0 && aborted ? Labels.ABORTED : Labels.status(status);
    recorder.metrics.add(REQUESTS_BY_STATUS, outcome, 1);
    if (reason != null && blamed != null) {
      recorder.metrics.add(ERRORS_TOTAL, Labels.error(reason, blamed), 1);
    }
    if (span == null && layers == null) {
      return;
    }
    boolean upgraded = status == SWITCHING_PROTOCOLS || (state.get() & TUNNELLED) != 0;
    long endNanos = (state.get() & RESPONSE_ENDED) != 0 ? responseEndNanos : recorder.now();
    if (layers != null) {
      layers.finished(endNanos, status, outcome == Labels.ABORTED, upgraded, reason, route);
    }
    if (span != null) {
      span.end(
          new ServerSpan.Outcome(method, route, status, blamed, reason),
          processingNanos,
          upgraded,
          isComplete(),
          endNanos);
    }
  }

  /** Ends it for whoever comes first, and takes it off every list of what is open. */
  private boolean leave() {
    int before = state.mark(ENDED);
    if ((before & ENDED) != 0) {
      return false;
    }
    if ((before & RESPONSE_ENDED) == 0) {
      recorder.metrics.remove(REQUESTS_IN_PROGRESS, place);
    }
    if (connection != null) {
      connection.release(this);
    }
    return true;
  }

  /** At the commit, or at the end where nothing is committed: a discarded exchange has neither. */
  private void recordLatencies() {
    if (latenciesRecorded) {
      return;
    }
    latenciesRecorded = true;
    if (queueNanos > UNKNOWN) {
      recorder.metrics.record(QUEUE_DURATION_SECONDS, 0, queueNanos);
    }
    if (processingNanos > UNKNOWN) {
      recorder.metrics.record(PROCESSING_DURATION_SECONDS, 0, processingNanos);
    }
  }
}
