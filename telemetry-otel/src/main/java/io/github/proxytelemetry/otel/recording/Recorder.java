package io.github.proxytelemetry.otel.recording;

import static io.github.proxytelemetry.Instrument.REQUESTS_IN_PROGRESS;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.CircuitBreaker;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.ServerTiming;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.metrics.EventCounts;
import io.github.proxytelemetry.otel.metrics.LateCall;
import io.github.proxytelemetry.otel.metrics.Methods;
import io.github.proxytelemetry.otel.metrics.Metrics;
import io.github.proxytelemetry.otel.tracing.AttemptTrace;
import io.github.proxytelemetry.otel.tracing.ExchangeTrace;
import io.github.proxytelemetry.otel.tracing.Tracing;
import java.net.SocketAddress;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Shared recording context of all observations: metrics, tracing, clock. It starts them, and
 * catches what they throw. While the circuit breaker is open, no-op observations are started.
 */
public final class Recorder {
  private static final ProxyTelemetry OFF = ProxyTelemetry.noop();

  /** In place of a request that cannot be read; its method is none of the known ones. */
  private static final RequestInfo UNREADABLE = () -> "";

  final Metrics metrics;
  final Tracing tracing;
  final WireBytes downstreamBytes;
  final WireBytes upstreamBytes;
  final @Nullable ServerTiming serverTiming;
  final @Nullable AccessLog accessLog;
  private final SkippedPaths skippedPaths;
  private final ExchangeObservation skipped = new SkippedExchange(this);
  private final Exchange hostCalls = new NoExchange(this);
  private final LongSupplier clock;
  private final EventCounts<LateCall> lateCalls;
  private final CircuitBreaker breaker;

  public Recorder(
      Metrics metrics,
      Tracing tracing,
      @Nullable ServerTiming serverTiming,
      @Nullable AccessLog accessLog,
      SkippedPaths skippedPaths,
      LongSupplier clock,
      EventCounts<LateCall> lateCalls,
      CircuitBreaker breaker) {
    this.metrics = metrics;
    this.tracing = tracing;
    this.downstreamBytes = WireBytes.of(metrics, Side.DOWNSTREAM);
    this.upstreamBytes = WireBytes.of(metrics, Side.UPSTREAM);
    this.serverTiming = serverTiming;
    this.accessLog = accessLog;
    this.skippedPaths = skippedPaths;
    this.clock = clock;
    this.lateCalls = lateCalls;
    this.breaker = breaker;
  }

  public DownstreamObservation startDownstream(
      @Nullable SocketAddress local, @Nullable SocketAddress peer) {
    // Also while the breaker is open: the connection may outlive that, with exchanges to come.
    try {
      return new DownstreamConnection(this, peer);
    } catch (Throwable thrown) {
      failed(thrown);
      return OFF.startDownstreamConnection(local, peer);
    }
  }

  public ExchangeObservation startExchange(RequestInfo request) {
    return startExchange(null, request, 0);
  }

  public ExchangeObservation startExchange(RequestInfo request, long receivedNanos) {
    return startExchange(null, request, receivedNanos);
  }

  /** Starts an exchange; {@code receivedNanos} is 0 where it was received just now. */
  ExchangeObservation startExchange(
      @Nullable DownstreamConnection connection, RequestInfo request, long receivedNanos) {
    if (breaker.isOpen()) {
      return OFF.startExchange(request);
    }
    long received = receivedNanos == 0 ? now() : receivedNanos;
    try {
      return start(connection, request, received);
    } catch (Throwable thrown) {
      failed(thrown);
      return request == null ? OFF.startExchange(UNREADABLE) : startUnread(connection, received);
    }
  }

  /** Starts an exchange whose request the host's code cannot read: it is a request all the same. */
  private ExchangeObservation startUnread(
      @Nullable DownstreamConnection connection, long receivedNanos) {
    try {
      return start(connection, UNREADABLE, receivedNanos);
    } catch (Throwable thrown) {
      failed(thrown);
      return OFF.startExchange(UNREADABLE);
    }
  }

  private ExchangeObservation start(
      @Nullable DownstreamConnection connection, RequestInfo request, long receivedNanos) {
    if (skippedPaths.matches(request)) {
      return skipped;
    }
    int method = metrics.methods.number(request.method());
    // Code of the host may throw: it runs before anything is counted.
    int labels = metrics.requestInProgress(method, request);
    ExchangeLayers layers =
        metrics.measuresExchanges || accessLog != null
            ? new ExchangeLayers(metrics, method, request, receivedNanos)
            : null;
    ExchangeTrace trace =
        tracing.enabled ? trace(connection, request, method, receivedNanos) : null;
    Exchange exchange = new SafeExchange(this, connection, labels, layers, receivedNanos, trace);
    metrics.add(REQUESTS_IN_PROGRESS, labels, 1);
    if (connection != null && !connection.add(exchange)) {
      late(LateCall.START);
      exchange.connectionEnded();
    }
    return exchange;
  }

  /** Starts the trace. If the host's sampler or header access throws, there is only no trace. */
  private @Nullable ExchangeTrace trace(
      @Nullable DownstreamConnection connection,
      RequestInfo request,
      int method,
      long receivedNanos) {
    SocketAddress peer = connection == null ? null : connection.peer();
    try {
      return tracing.startExchange(request, method, receivedNanos, clock, peer);
    } catch (Throwable thrown) {
      failed(thrown);
      return null;
    }
  }

  /** Starts an attempt outside any exchange: a call of the host itself. */
  public AttemptObservation startAttempt(Upstream upstream) {
    if (breaker.isOpen()) {
      return OFF.startAttempt(upstream);
    }
    try {
      long now = now();
      int number = metrics.labels.upstreamNumber(upstream);
      return new SafeAttempt(
          hostCalls,
          upstream,
          number,
          traceHostCall(upstream, now),
          AttemptLayers.start(metrics, null, number, Methods.OTHER, now));
    } catch (Throwable thrown) {
      failed(thrown);
      return OFF.startAttempt(upstream);
    }
  }

  private @Nullable AttemptTrace traceHostCall(Upstream upstream, long now) {
    try {
      return tracing.startHostCall(upstream, now, clock);
    } catch (Throwable thrown) {
      failed(thrown);
      return null;
    }
  }

  public ConnectionObservation startUpstreamConnection(Upstream upstream) {
    return breaker.isOpen()
        ? OFF.startUpstreamConnection(upstream)
        : new Connection(this, metrics.labels.upstreamNumber(upstream));
  }

  /** Removes trace headers, where privacy is strict; a host's accessor that throws is counted. */
  <C> void strip(C headers, HeaderAccess<C> access) {
    try {
      tracing.outbound.strip(headers, access);
    } catch (Throwable thrown) {
      failed(thrown);
    }
  }

  /** What else the client gets and the metrics count does not depend on what a span shows. */
  <C> void capture(ExchangeTrace trace, C headers, HeaderAccess<C> access) {
    try {
      trace.responseStarted(headers, access);
    } catch (Throwable thrown) {
      failed(thrown);
    }
  }

  /** Counts an exception that was kept away from the host. */
  public void failed(Throwable thrown) {
    breaker.failed(thrown);
  }

  /** Counts a call received after the observation ended. */
  void late(LateCall call) {
    lateCalls.add(call);
  }

  /**
   * The time in nanoseconds, on the scale of {@link System#nanoTime()}; the largest single cost of
   * recording. Never 0, which stands for "not yet"; does not throw.
   */
  long now() {
    try {
      long now = clock.getAsLong();
      return now == 0 ? 1 : now;
    } catch (Throwable thrown) {
      failed(thrown);
      return 1;
    }
  }
}
