package io.github.proxytelemetry.otel.recording;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.otel.metrics.LabelValues;
import io.github.proxytelemetry.otel.metrics.LateCall;
import io.github.proxytelemetry.otel.metrics.Methods;
import io.github.proxytelemetry.otel.metrics.Metrics;
import io.github.proxytelemetry.otel.metrics.PackedLabels;
import io.github.proxytelemetry.otel.tracing.ExchangeOutcome;
import io.github.proxytelemetry.otel.tracing.ExchangeTrace;
import io.opentelemetry.context.Context;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A request and its response. It ends when both have ended, or at the first terminal call. {@link
 * SafeExchange} is what the host gets.
 */
abstract class Exchange extends OpenOnConnection implements ExchangeObservation {
  static final int UNKNOWN = -1;

  /** Differs from 0 (no response); both are exported as "none". */
  static final short INVALID_STATUS = 1;

  private static final VarHandle LATEST;
  private static final VarHandle STATUS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      LATEST = lookup.findVarHandle(Exchange.class, "latest", AttemptProgress.class);
      STATUS = lookup.findVarHandle(Exchange.class, "status", short.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Recorder recorder;
  final @Nullable DownstreamConnection connection;
  final @Nullable ExchangeLayers layers;
  @Nullable ExchangeTrace trace;
  @Nullable String route;

  /** Latest attempt, head of a linked list. Written on the exchange's thread only. */
  @Nullable AttemptProgress latest;

  /**
   * When the request was received. From the response head on nobody asks for that, and this is the
   * proxy's own time until then: a field of its own would be 8 bytes more a request.
   */
  long receivedOrProcessing;

  /** Half the size of a {@code long}, and exact to one part in 16 million. */
  float queueNanos = UNKNOWN;

  /**
   * Status of the response, 0 before its head is sent, and negative until the proxy's own time is
   * known. Read by attempts on other threads without synchronization.
   */
  short status;

  final byte labels;
  byte grpc;

  /**
   * @param labels packed labels of {@link Metrics#requestInProgress}
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
    this.receivedOrProcessing = receivedNanos;
    this.trace = trace;
  }

  @Override
  public <C> void responseStarted(int status, C headers, HeaderAccess<C> access) {
    if (LabelValues.isInterim(status)) {
      informational(status, headers, access);
      return;
    }
    if (is(RESPONSE_ENDED | ENDED)) {
      late(LateCall.RESPONSE);
    } else if (this.status == 0) {
      commit(recorder.now(), status, headers, access);
    }
  }

  private <C> void commit(long now, int status, C headers, HeaderAccess<C> access) {
    short stored = (short) (LabelValues.isStatus(status) ? status : INVALID_STATUS);
    this.status = (short) -stored;
    long processingNanos =
        Math.max(0, now - receivedOrProcessing - Attempts.busyNanos(latest, now));
    VarHandle.storeStoreFence();
    receivedOrProcessing = processingNanos;
    // After both: an attempt that ends meanwhile still leaves the time of its end, and a connection
    // that ends meanwhile does not take the time of the request for a duration.
    STATUS.setRelease(this, stored);
    recorder.strip(headers, access);
    // Where a 101 opens a tunnel, latencies are recorded at the end.
    boolean timed = status != LabelValues.SWITCHING_PROTOCOLS;
    if (timed) {
      recordLatencies(processingNanos);
    }
    boolean stream = isStream(headers, access);
    if (layers != null) {
      layers.responseStarted(now, status, route, stream, exemplar());
    }
    if (trace != null) {
      recorder.capture(trace, headers, access);
    }
    if (timed && recorder.serverTiming != null) {
      recorder.serverTiming.addTo(headers, access, processingNanos);
    }
  }

  /** Whether a stream starts, of gRPC or of events; none does whose headers are unreadable. */
  private <C> boolean isStream(C headers, HeaderAccess<C> access) {
    try {
      if (Metrics.method(labels) == Methods.POST) {
        grpc = GrpcStatus.ofHead(headers, access);
      }
      return grpc != GrpcStatus.NOT_GRPC || (layers != null && Streams.isEvents(headers, access));
    } catch (Throwable thrown) {
      recorder.failed(thrown);
      return false;
    }
  }

  /** A gRPC request is a POST, so nothing is looked for in the responses to others. */
  final boolean isPost() {
    return Metrics.method(labels) == Methods.POST;
  }

  final void setLatest(Attempt attempt) {
    LATEST.setRelease(this, attempt);
  }

  final void late(LateCall call) {
    DownstreamConnection.late(recorder, connection, call);
  }

  /** A client that disconnects after the whole response, while still uploading, is no abort. */
  @Override
  void connectionEnded() {
    boolean answered = is(RESPONSE_ENDED);
    finish(answered ? null : Side.DOWNSTREAM, answered ? null : ProxyError.CLIENT_ABORT);
  }

  /**
   * Returns the trace, creating an unsampled one on first use; null if tracing is off. Most have
   * one from their start, which is read without a lock; what is created here has final fields.
   */
  @Nullable ExchangeTrace trace() {
    ExchangeTrace known = trace;
    return known == null ? traceOnFirstUse() : known;
  }

  private synchronized @Nullable ExchangeTrace traceOnFirstUse() {
    if (trace == null) {
      trace = recorder.tracing.unsampled();
    }
    return trace;
  }

  /** Ends the exchange, unless it has ended; returns whether this call did. */
  final boolean finish(@Nullable Side side, @Nullable ProxyError failure) {
    int before = getAndSet(ENDED);
    if ((before & ENDED) != 0) {
      return false;
    }
    setFirstFault(side, failure);
    conclude(before, failure);
    return true;
  }

  /** Counts and records the exchange, once; {@code before} is the state before it ended. */
  final void conclude(int before, @Nullable ProxyError failure) {
    release();
    AttemptProgress last = (AttemptProgress) LATEST.getAcquire(this);
    int fault = Attempts.fault(fault(), last, grpc);
    ProxyError error = fault == Fault.NONE ? null : Fault.error(fault);
    Side side = fault == Fault.NONE ? null : Fault.side(fault);
    boolean clientAborted = failure == ProxyError.CLIENT_ABORT || error == ProxyError.CLIENT_ABORT;
    int status = Math.abs(this.status);
    boolean aborted = status == 0 && clientAborted;
    long upstream = side == Side.UPSTREAM ? Attempts.upstream(last, fault) : 0;
    int outcome = aborted ? LabelValues.ABORTED : LabelValues.status(status);
    count(outcome, side, error, upstream);
    try {
      if (status == 0 || status == LabelValues.SWITCHING_PROTOCOLS) {
        recordLatencies(processingNanos());
      }
      if (layers != null || (trace != null && trace.isRecorded())) {
        record(status, aborted, side, error, Attempts.isComplete(last));
      }
    } catch (Throwable thrown) {
      recorder.failed(thrown);
    }
    if ((before & RESPONSE_ENDED) == 0) {
      // Last: who sees nothing in progress finds everything counted.
      recorder.metrics.remove(Instrument.REQUESTS_IN_PROGRESS, labels, 1);
    }
  }

  private void record(
      int status,
      boolean aborted,
      @Nullable Side side,
      @Nullable ProxyError error,
      boolean complete) {
    boolean upgraded = status == LabelValues.SWITCHING_PROTOCOLS || is(TUNNELLED);
    // Where the response has ended, they know when.
    long now = is(RESPONSE_ENDED) ? 0 : recorder.now();
    if (layers != null) {
      layers.finished(now, status, aborted, upgraded, error, complete, route, exemplar());
    }
    AccessLog log = recorder.accessLog;
    if (trace != null || log != null) {
      ExchangeOutcome outcome =
          new ExchangeOutcome(
              recorder.metrics.methods.name(Metrics.method(labels)),
              route,
              status,
              (byte) GrpcStatus.code(grpc),
              side,
              error,
              processingNanos(),
              queueNanos,
              upgraded,
              complete);
      if (trace != null) {
        trace.end(outcome, now);
      }
      if (log != null && layers != null) {
        log.ended(outcome, layers, now, this);
      }
    }
  }

  private void count(int outcome, @Nullable Side side, @Nullable ProxyError error, long upstream) {
    Metrics metrics = recorder.metrics;
    metrics.add(Instrument.REQUESTS_TOTAL, labels, 1);
    if (side == null || error == null) {
      metrics.add(Instrument.REQUESTS_BY_STATUS, PackedLabels.status(outcome), 1);
    } else {
      long failed = PackedLabels.error(error, side) | upstream;
      metrics.add(Instrument.REQUESTS_BY_STATUS, failed | PackedLabels.status(outcome), 1);
      metrics.add(Instrument.ERRORS_TOTAL, failed, 1);
    }
  }

  private Context exemplar() {
    return Exemplars.of(recorder.metrics, trace);
  }

  final void release() {
    if (connection != null) {
      connection.remove(this);
    }
  }

  /** Whether the response head was sent. From then on upstream time is not measured. */
  final boolean isCommitted() {
    return status > 0;
  }

  /** Called at a response head that is timed, or at the end; never if discarded. */
  private void recordLatencies(long processingNanos) {
    Metrics metrics = recorder.metrics;
    try {
      Context exemplar = Exemplars.of(metrics, trace);
      if (queueNanos > UNKNOWN) {
        metrics.record(Instrument.QUEUE_DURATION_SECONDS, 0, (long) queueNanos, exemplar);
      }
      if (processingNanos > UNKNOWN) {
        metrics.record(Instrument.PROCESSING_DURATION_SECONDS, 0, processingNanos, exemplar);
      }
    } catch (Throwable thrown) {
      recorder.failed(thrown);
    }
  }

  /** The proxy's own time, unknown where the response never started. */
  private long processingNanos() {
    return (short) STATUS.getAcquire(this) > 0 ? receivedOrProcessing : UNKNOWN;
  }
}
