package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.CircuitBreaker;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Scope;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.metrics.Metrics;
import io.github.proxytelemetry.otel.metrics.SelfMetrics;
import io.github.proxytelemetry.otel.recording.Recorder;
import io.opentelemetry.api.OpenTelemetry;
import java.net.SocketAddress;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Back end that records a proxy's events into an OpenTelemetry as metrics and spans. It needs the
 * OpenTelemetry API only: samplers, propagators and exporters are those of the given instance,
 * which is never closed from here.
 *
 * <p>Thread-safe. No method blocks, unless the logger of an access log does. After {@link #close}
 * it may still be called, and its metrics are no longer collected.
 */
public final class OtelProxyTelemetry implements ProxyTelemetry, AutoCloseable {
  private final OpenTelemetry openTelemetry;
  private final Recorder recorder;
  private final Metrics metrics;
  private final CircuitBreaker breaker;
  private final boolean enabled;
  private final SelfMetrics self;
  private final WorkMetrics work;

  /**
   * Records into a host's OpenTelemetry with the defaults of the {@linkplain #builder builder}.
   *
   * @param openTelemetry the host's
   * @return the telemetry
   */
  public static OtelProxyTelemetry create(OpenTelemetry openTelemetry) {
    return builder(openTelemetry).build();
  }

  /**
   * Starts a telemetry over a host's OpenTelemetry. Its sampler decides which spans are recorded,
   * its propagators carry trace contexts, its exporters deliver.
   *
   * @param openTelemetry the host's
   * @return a builder
   */
  public static OtelProxyTelemetryBuilder builder(OpenTelemetry openTelemetry) {
    return new OtelProxyTelemetryBuilder(openTelemetry);
  }

  OtelProxyTelemetry(
      OpenTelemetry openTelemetry,
      Recorder recorder,
      Metrics metrics,
      boolean enabled,
      CircuitBreaker breaker,
      SelfMetrics self,
      WorkMetrics work) {
    this.openTelemetry = openTelemetry;
    this.recorder = recorder;
    this.metrics = metrics;
    this.enabled = enabled;
    this.breaker = breaker;
    this.self = self;
    this.work = work;
  }

  /**
   * Whether anything is recorded.
   *
   * @return {@code false} over {@link OpenTelemetry#noop()}: adapters then install nothing
   */
  @Override
  public boolean isEnabled() {
    return enabled;
  }

  @Override
  public DownstreamObservation startDownstreamConnection(
      @Nullable SocketAddress local, @Nullable SocketAddress peer) {
    return recorder.startDownstream(local, peer);
  }

  @Override
  public ExchangeObservation startExchange(RequestInfo request) {
    return recorder.startExchange(request);
  }

  @Override
  public ExchangeObservation startExchange(RequestInfo request, long receivedNanos) {
    return recorder.startExchange(request, receivedNanos);
  }

  @Override
  public AttemptObservation startAttempt(Upstream upstream) {
    return recorder.startAttempt(upstream);
  }

  @Override
  public ConnectionObservation startUpstreamConnection(Upstream upstream) {
    return recorder.startUpstreamConnection(upstream);
  }

  @Override
  public void swallowed(Throwable thrown) {
    recorder.failed(thrown);
  }

  /** Every observation catches what it throws, so that none needs a wrapper. */
  @Override
  public boolean isGuarded() {
    return true;
  }

  /**
   * Starts a unit of the host's own work, such as an image being scaled. It counts in {@code
   * <work>_in_progress}, with the naming's prefix, until the returned object is closed.
   *
   * @param work the kind of work, a constant in the plural, such as {@code images}: letters, digits
   *     and underscores. {@code null} is ignored and counted as an error
   * @return the scope that ends it, on any thread; only its first close counts
   * @throws IllegalArgumentException if the name is malformed or taken
   * @throws IllegalStateException if it is the 101st name
   */
  public Scope inProgress(String work) {
    if (work == null) {
      recorder.failed(new NullPointerException("work"));
      return new InProgress(new WorkGauge());
    }
    return this.work.inProgress(work);
  }

  /**
   * The sizes of the host's buffers: {@code buffer_size_bytes}, {@code buffer_default_size_bytes}
   * and {@code buffer_max_size_bytes}, with the naming's prefix. They exist from the first call on.
   *
   * @return the recorder of buffer sizes; always the same
   */
  public BufferSizes bufferSizes() {
    return work.bufferSizes();
  }

  /**
   * Registers a gauge of the host's own, such as the memory of a native library. It is read at
   * every collection, on the collecting thread; a value that throws is left out and counted.
   *
   * @param name the metric's whole name, without the naming's prefix. Prometheus exporters append a
   *     unit that the name does not end with
   * @param unit the unit in UCUM notation, such as {@code By}, or an annotation in braces
   * @param value the value, available at once and from any thread
   * @throws IllegalArgumentException if name or unit are malformed, or the name is taken
   * @throws IllegalStateException if it is the 101st gauge
   */
  public void gauge(String name, String unit, LongSupplier value) {
    work.gauge(name, unit, Map.of(), value);
  }

  /**
   * Registers one series of a gauge, such as that of one of several pools: {@code
   * gauge("pool_connections", "{connection}", Map.of("pool", "users"), users::size)}. Each call
   * under a name adds a series, and there are no others: labels are fixed here, and the supplier
   * gives a number only. Otherwise as {@link #gauge(String, String, LongSupplier)}; any thread may
   * register, also while values are collected.
   *
   * @param name as there
   * @param unit as there; the same in every registration of a name
   * @param labels keys and values from the host's own configuration, never from the network; the
   *     same keys in every registration of a name, and values that differ. Copied
   * @param value as there
   * @throws IllegalArgumentException if an argument is malformed, unit or keys differ from those of
   *     the name's first registration, or its values are registered already
   * @throws IllegalStateException if it is the 101st gauge, or the 101st series of one
   */
  public void gauge(String name, String unit, Map<String, String> labels, LongSupplier value) {
    work.gauge(name, unit, labels, value);
  }

  /**
   * The OpenTelemetry that this records into, for spans and metrics of the host's own.
   *
   * @return the instance that was given
   */
  public OpenTelemetry openTelemetry() {
    return openTelemetry;
  }

  /**
   * Counts of what went wrong in the telemetry itself.
   *
   * @return a snapshot
   */
  public Faults faults() {
    return new Faults(
        breaker.failures(),
        breaker.isOpen(),
        self.callbackErrors.counts.toMap(),
        self.overflows.toMap(),
        self.lateCalls.toMap());
  }

  /** Unregisters all metrics. What was recorded stays with the OpenTelemetry, which delivers it. */
  @Override
  public void close() {
    metrics.close();
    self.close();
    work.close();
  }

  @Override
  public String toString() {
    return "OtelProxyTelemetry(" + (enabled ? openTelemetry.getClass().getName() : "off") + ")";
  }
}
