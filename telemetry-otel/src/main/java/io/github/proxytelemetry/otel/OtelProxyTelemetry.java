package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.ObservationGuard;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.ServerTiming;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.sdk.Delivery;
import io.github.proxytelemetry.otel.sdk.Faults;
import io.github.proxytelemetry.otel.sdk.Health;
import io.github.proxytelemetry.otel.sdk.TelemetrySdk;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.metrics.Meter;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The back end: turns what a proxy does into OpenTelemetry metrics and spans.
 *
 * <p>Made by {@link #builder}, it sets up an SDK with exporters and owns it. Made by {@link
 * #create}, it records into the OpenTelemetry that the host already has.
 *
 * <p>Thread-safe. Nothing it is told blocks, and no exporter is ever waited for outside {@link
 * #flush} and {@link #close(Duration)}. After it is closed it may still be told things, and exports
 * none.
 */
public final class OtelProxyTelemetry implements ProxyTelemetry, AutoCloseable {
  static final String SCOPE = "io.github.proxytelemetry";
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final OpenTelemetry openTelemetry;
  private final @Nullable TelemetrySdk sdk;
  private final Recorder recorder;
  private final boolean enabled;
  private final SelfMetrics self;
  private final WorkMetrics work;

  /**
   * Begins the set-up of a telemetry with exporters of its own.
   *
   * @param serviceName what the proxy is called in all signals ({@code service.name})
   * @return a builder
   * @throws IllegalArgumentException if the name is blank
   */
  public static OtelProxyTelemetryBuilder builder(String serviceName) {
    return new OtelProxyTelemetryBuilder(serviceName);
  }

  /**
   * Begins the set-up of a telemetry that system properties and environment variables describe, as
   * far as no call does. Where they ask for no exporter it is switched off: {@link #isEnabled} says
   * so, and nothing is installed.
   *
   * @return a builder
   */
  public static OtelProxyTelemetryBuilder fromEnvironment() {
    return fromMap(Map.of());
  }

  /**
   * Begins the set-up of a telemetry that a map describes, and where that says nothing, system
   * properties and environment variables.
   *
   * @param configuration as in {@link OtelProxyTelemetryBuilder#configuration(Map)}
   * @return a builder
   */
  public static OtelProxyTelemetryBuilder fromMap(Map<String, ?> configuration) {
    return new OtelProxyTelemetryBuilder().configuration(configuration);
  }

  /**
   * Records into the host's OpenTelemetry. Its sampler decides which spans are recorded, its
   * propagators carry the context, its exporters deliver; it is never closed from here. {@code
   * Sampling}, {@link Trust} and {@link Privacy} are for a telemetry with an SDK of its own: here a
   * trace that comes in goes on, upstreams are told of it, and there are no late decisions.
   *
   * @param openTelemetry the host's
   * @return the telemetry, with the names of {@link MetricNaming#PRIVACY_PROXY} and the {@code
   *     Server-Timing} member {@code proxy}
   */
  public static OtelProxyTelemetry create(OpenTelemetry openTelemetry) {
    Objects.requireNonNull(openTelemetry, "openTelemetry");
    return new OtelProxyTelemetry(
        openTelemetry,
        null,
        Tracing.ofHost(openTelemetry),
        MetricNaming.PRIVACY_PROXY,
        Layers.none(),
        ServerTiming.named("proxy"),
        System::nanoTime,
        true,
        new SelfMetrics(openTelemetry.getMeter(SCOPE), MetricNaming.PRIVACY_PROXY));
  }

  /** Switched off: records nothing, and adapters install nothing. */
  static OtelProxyTelemetry off() {
    return new OtelProxyTelemetry(
        OpenTelemetry.noop(),
        null,
        Tracing.off(Policy.DEFAULT),
        MetricNaming.PRIVACY_PROXY,
        Layers.none(),
        null,
        System::nanoTime,
        false,
        new SelfMetrics(OpenTelemetry.noop().getMeter(SCOPE), MetricNaming.PRIVACY_PROXY));
  }

  OtelProxyTelemetry(
      OpenTelemetry openTelemetry,
      @Nullable TelemetrySdk sdk,
      Tracing tracing,
      MetricNaming naming,
      Layers layers,
      @Nullable ServerTiming serverTiming,
      LongSupplier clock,
      boolean enabled,
      SelfMetrics self) {
    this.enabled = enabled;
    this.openTelemetry = openTelemetry;
    this.sdk = sdk;
    this.self = self;
    Meter meter = openTelemetry.getMeter(SCOPE);
    Metrics metrics = new Metrics(meter, naming, layers, self.overflows);
    this.work = new WorkMetrics(meter, naming, self.hostErrors);
    this.recorder = new Recorder(metrics, tracing.with(layers), serverTiming, clock, self.lateUses);
  }

  /**
   * Whether anything is recorded.
   *
   * @return {@code false} where a configuration switched it off or asked for no exporter
   */
  @Override
  public boolean isEnabled() {
    return enabled;
  }

  @Override
  public DownstreamObservation startDownstreamConnection(
      @Nullable SocketAddress local, @Nullable SocketAddress peer) {
    return new Downstream(recorder, peer);
  }

  @Override
  public ExchangeObservation startExchange(RequestInfo request) {
    return recorder.startExchange(null, request, recorder.now());
  }

  @Override
  public ExchangeObservation startExchange(RequestInfo request, long receivedNanos) {
    return recorder.startExchange(null, request, receivedNanos);
  }

  @Override
  public AttemptObservation startAttempt(Upstream upstream) {
    return new SafeAttempt(
        recorder,
        null,
        upstream,
        recorder.tracing.startCall(recorder, upstream),
        AttemptLayers.start(recorder, null, upstream, Labels.method(null)));
  }

  @Override
  public ConnectionObservation startUpstreamConnection(Upstream upstream) {
    return new Connection(recorder, Side.UPSTREAM);
  }

  @Override
  public void swallowed(Throwable thrown) {
    self.error();
  }

  @Override
  public boolean guardsExchanges(ObservationGuard guard) {
    recorder.guardedBy(guard);
    return true;
  }

  /**
   * A unit of the host's own work begins, such as an image being scaled. It counts in {@code
   * <work>_in_progress}, with the naming's prefix, until what is returned is closed.
   *
   * @param work what it is, a constant in the plural, such as {@code images}: letters, digits and
   *     underscores
   * @return what ends it
   * @throws IllegalArgumentException if the name is no such word, or makes a name that is taken
   * @throws IllegalStateException if it is the 101st name
   */
  public InProgress inProgress(String work) {
    return this.work.inProgress(work);
  }

  /**
   * The sizes of the host's buffers: {@code buffer_size_bytes}, {@code buffer_default_size_bytes}
   * and {@code buffer_max_size_bytes}, with the naming's prefix. They exist from the first call on.
   *
   * @return what the host tells them; always the same
   */
  public BufferSizes bufferSizes() {
    return work.bufferSizes();
  }

  /**
   * Exports a value of the host's own, such as the memory of a native library. It is asked for at
   * every export, on the exporter's thread; where it throws, that one is left out and counted.
   *
   * @param name the metric's whole name: no prefix is added. Over Prometheus a plain unit that the
   *     name does not end with is appended
   * @param unit the unit in UCUM notation, such as {@code By}, or an annotation in braces
   * @param value gives the value, at once and from any thread
   * @throws IllegalArgumentException if the name or the unit is not one of OpenTelemetry's, or the
   *     name is taken
   * @throws IllegalStateException if it is the 101st gauge
   */
  public void gauge(String name, String unit, LongSupplier value) {
    work.gauge(name, unit, value);
  }

  /**
   * What this records into, for spans and metrics of the host's own. The host does not close it.
   *
   * @return the host's, or the one that was set up
   */
  public OpenTelemetry openTelemetry() {
    return openTelemetry;
  }

  /**
   * Exports what was recorded until now, and waits for it.
   *
   * @param timeout how long to wait at most, over all exporters
   * @return what became of it; always delivered where the host's OpenTelemetry is used, as nothing
   *     is held back here then
   */
  public Delivery flush(Duration timeout) {
    Objects.requireNonNull(timeout, "timeout");
    return sdk == null ? Delivery.delivered() : sdk.flush(timeout);
  }

  /**
   * Exports what was recorded until now, and stops everything that was set up. A second call does
   * nothing more and returns the same.
   *
   * @param timeout how long to wait at most, over all exporters
   * @return what became of it, as in {@link #flush}
   */
  public Delivery close(Duration timeout) {
    Objects.requireNonNull(timeout, "timeout");
    if (sdk != null) {
      return sdk.close(timeout);
    }
    recorder.metrics.close();
    self.close();
    work.close();
    return Delivery.delivered();
  }

  /** {@link #close(Duration) Closes} within 10 seconds. */
  @Override
  public void close() {
    close(CLOSE_TIMEOUT);
  }

  /**
   * How the exporters are, and what went wrong here, for a page of the host's own. It says nothing
   * about traffic, which goes on in any case.
   *
   * @return a snapshot; without exporters where the host's OpenTelemetry is used
   */
  public Health health() {
    Faults faults =
        new Faults(
            self.errors(),
            self.hostErrors.counts.toMap(),
            self.overflows.toMap(),
            self.lateUses.toMap());
    return new Health(sdk == null ? List.of() : sdk.health().exporters(), faults);
  }

  /**
   * Where a Prometheus exporter listens, which is worth asking when its port was chosen by the
   * system.
   *
   * @param exporterName the exporter's name, {@code prometheus} for the first
   * @return its address
   * @throws IllegalArgumentException if there is no Prometheus exporter of that name
   */
  public InetSocketAddress prometheusAddress(String exporterName) {
    Objects.requireNonNull(exporterName, "exporterName");
    if (sdk == null) {
      throw new IllegalArgumentException(
          "exporter name: was \""
              + exporterName
              + "\", allowed are none: the exporters are the host's");
    }
    return sdk.prometheusAddress(exporterName);
  }

  @Override
  public String toString() {
    String exporters = sdk == null ? "of the host" : sdk.toString();
    return "OtelProxyTelemetry(" + (enabled ? exporters : "off") + ")";
  }
}
