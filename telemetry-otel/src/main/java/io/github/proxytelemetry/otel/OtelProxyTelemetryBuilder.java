package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.CircuitBreaker;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.PathTemplate;
import io.github.proxytelemetry.ServerTiming;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.metrics.MetricRules;
import io.github.proxytelemetry.otel.metrics.Metrics;
import io.github.proxytelemetry.otel.metrics.NamingCheck;
import io.github.proxytelemetry.otel.metrics.SelfMetrics;
import io.github.proxytelemetry.otel.metrics.TelemetryNames;
import io.github.proxytelemetry.otel.recording.AccessLog;
import io.github.proxytelemetry.otel.recording.Recorder;
import io.github.proxytelemetry.otel.recording.SkippedPaths;
import io.github.proxytelemetry.otel.tracing.OwnScope;
import io.github.proxytelemetry.otel.tracing.OwnedOpenTelemetry;
import io.github.proxytelemetry.otel.tracing.StageNames;
import io.github.proxytelemetry.otel.tracing.TraceRules;
import io.github.proxytelemetry.otel.tracing.Tracing;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Builder of an {@link OtelProxyTelemetry}: what is recorded, and how it is named. A later call of
 * the same method replaces the earlier one. Not thread-safe.
 */
public final class OtelProxyTelemetryBuilder {
  private final OpenTelemetry openTelemetry;
  private MetricNaming naming = MetricNaming.PRIVACY_PROXY;
  private final MetricOptions metricOptions = new MetricOptions();
  private Layers layers = Layers.none();
  private SkippedPaths skippedPaths = new SkippedPaths();
  private Trust trust = Trust.CONTINUE;
  private @Nullable Predicate<Upstream> propagateTo;
  private @Nullable Privacy privacy;
  private Capture capture = Capture.none();
  private @Nullable ServerTiming serverTiming = ServerTiming.named("proxy");
  private @Nullable AccessLog accessLog;
  private LongSupplier clock = System::nanoTime;

  OtelProxyTelemetryBuilder(OpenTelemetry openTelemetry) {
    this.openTelemetry = Objects.requireNonNull(openTelemetry, "openTelemetry");
  }

  /**
   * Names of metrics and labels. The default is {@link MetricNaming#PRIVACY_PROXY}.
   *
   * @param naming the naming
   * @return this
   */
  public OtelProxyTelemetryBuilder naming(MetricNaming naming) {
    this.naming = Objects.requireNonNull(naming, "naming");
    return this;
  }

  /**
   * Buckets, exemplars and labels of metrics. May be called again; a later option of the same kind
   * replaces the earlier one.
   *
   * @param options sets what differs from the defaults; called at once
   * @return this
   */
  public OtelProxyTelemetryBuilder metrics(Consumer<MetricOptions> options) {
    Objects.requireNonNull(options, "options").accept(metricOptions);
    return this;
  }

  /**
   * Metrics and spans beyond the plain ones. The default is {@link Layers#none()}.
   *
   * @param layers the layers
   * @return this
   */
  public OtelProxyTelemetryBuilder layers(Layers layers) {
    this.layers = Objects.requireNonNull(layers, "layers");
    return this;
  }

  /**
   * Paths that are not observed, such as health checks: no metric, no span, and trace headers pass
   * through untouched. The path is the only part of such a request that is read.
   *
   * @param templates as in {@link PathTemplate#of}, such as {@code /foo/{bar}}
   * @return this
   * @throws IllegalArgumentException if one is not a template
   */
  public OtelProxyTelemetryBuilder skipPaths(String... templates) {
    skippedPaths =
        new SkippedPaths(
            Stream.of(Objects.requireNonNull(templates, "templates"))
                .map(PathTemplate::of)
                .toArray(PathTemplate[]::new));
    return this;
  }

  /**
   * Trust in inbound trace contexts. The default is {@link Trust#CONTINUE}, for a listener that
   * only one's own services reach; {@link Trust#RESTART} is for a public one.
   *
   * @param trust the trust
   * @return this
   */
  public OtelProxyTelemetryBuilder trust(Trust trust) {
    this.trust = Objects.requireNonNull(trust, "trust");
    return this;
  }

  /**
   * Upstreams into whose requests the trace context is injected. The default is all of them. The
   * trace headers of requests to other upstreams pass through as the client sent them.
   *
   * @param upstreams tests an upstream; called at every attempt, by several threads. One that
   *     throws counts as {@code false}, and as an error of the host's callback
   * @return this
   */
  public OtelProxyTelemetryBuilder propagateTo(Predicate<Upstream> upstreams) {
    this.propagateTo = Objects.requireNonNull(upstreams, "upstreams");
    return this;
  }

  /**
   * How much may be recorded about a single request. The default is {@link Privacy#STANDARD}. A
   * level that is set is logged once at the start.
   *
   * @param privacy the level
   * @return this
   */
  public OtelProxyTelemetryBuilder privacy(Privacy privacy) {
    this.privacy = Objects.requireNonNull(privacy, "privacy");
    return this;
  }

  /**
   * Request data that spans record beyond the HTTP conventions. The default is {@link
   * Capture#none()}.
   *
   * @param capture the data
   * @return this
   */
  public OtelProxyTelemetryBuilder capture(Capture capture) {
    this.capture = Objects.requireNonNull(capture, "capture");
    return this;
  }

  /**
   * Metric that is added to {@code Server-Timing} of responses. The default is called {@code
   * proxy}.
   *
   * @param serverTiming the metric
   * @return this
   */
  public OtelProxyTelemetryBuilder serverTiming(ServerTiming serverTiming) {
    this.serverTiming = Objects.requireNonNull(serverTiming, "serverTiming");
    return this;
  }

  /**
   * Adds no {@code Server-Timing} to responses.
   *
   * @return this
   */
  public OtelProxyTelemetryBuilder withoutServerTiming() {
    this.serverTiming = null;
    return this;
  }

  /**
   * Logs exchanges with the logger {@code io.github.proxytelemetry.access}, one line each, in the
   * format logfmt: method, route, status, times, sizes, error and trace id. Off by default. The
   * line is written by the thread that ends the exchange, so the logger must not block.
   *
   * @param ratio the part of exchanges to log, from 0 to 1; errors are logged in any case
   * @return this
   * @throws IllegalArgumentException if the ratio is out of range
   */
  public OtelProxyTelemetryBuilder accessLog(double ratio) {
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new IllegalArgumentException(
          "accessLog: invalid value \"" + ratio + "\"; expected 0.0 to 1.0");
    }
    accessLog = new AccessLog(ratio);
    return this;
  }

  /** Replaces the nano clock, for tests. */
  OtelProxyTelemetryBuilder clock(LongSupplier clock) {
    this.clock = clock;
    return this;
  }

  /**
   * Registers the metrics and builds the telemetry.
   *
   * @return the telemetry
   * @throws IllegalArgumentException if an option is invalid or contradicts another one; the
   *     message names it, what was given and what is expected
   */
  public OtelProxyTelemetry build() {
    NamingCheck.check(naming, layers.metrics);
    TraceRules rules = traceRules();
    MetricRules metricRules = metricOptions.rules(rules.strict());
    metricRules.check(naming);
    boolean enabled = checkOpenTelemetry();
    CircuitBreaker breaker = CircuitBreaker.create("telemetry back end");
    if (openTelemetry instanceof OwnedOpenTelemetry owned) {
      owned.exemplars(metricRules.exemplars());
    }
    Meter meter = OwnScope.meter(openTelemetry, OwnScope.NAME);
    SelfMetrics self = new SelfMetrics(meter, naming, breaker);
    Metrics metrics = new Metrics(meter, naming, metricRules, layers.metrics, self.overflows);
    WorkMetrics work = new WorkMetrics(meter, naming, self.callbackErrors);
    if (openTelemetry instanceof OwnedOpenTelemetry owned) {
      owned.registerExportMetrics(TelemetryNames.telemetry(naming));
      owned.recordingAs(naming, rules.strict());
    }
    Recorder recorder =
        new Recorder(
            metrics,
            Tracing.over(openTelemetry, rules, self.callbackErrors),
            serverTiming != null && rules.strict() ? serverTiming.coarse() : serverTiming,
            accessLog,
            skippedPaths,
            clock,
            self.lateCalls,
            breaker);
    logPrivacy();
    return new OtelProxyTelemetry(openTelemetry, recorder, metrics, enabled, breaker, self, work);
  }

  private TraceRules traceRules() {
    boolean strict = privacy == Privacy.STRICT;
    if (strict && !capture.rules.isNothing()) {
      throw new IllegalArgumentException(
          "privacy: invalid value STRICT with a capture; expected one or the other: STRICT captures"
              + " nothing");
    }
    if (strict && accessLog != null) {
      throw new IllegalArgumentException(
          "privacy: invalid value STRICT with an access log; expected one or the other: STRICT"
              + " records no single request");
    }
    TraceRules.Use inbound =
        switch (trust) {
          case CONTINUE -> TraceRules.Use.PARENT;
          case LINK -> TraceRules.Use.LINK;
          case RESTART, IGNORE -> TraceRules.Use.NONE;
        };
    return new TraceRules(
        inbound,
        trust != Trust.IGNORE,
        strict,
        propagateTo,
        layers.propagation,
        capture.rules,
        layers.traces,
        metricOptions.methods,
        StageNames.of(naming));
  }

  private boolean checkOpenTelemetry() {
    if (openTelemetry instanceof OwnedOpenTelemetry owned) {
      return owned.isEnabled();
    }
    if (openTelemetry == OpenTelemetry.noop()) {
      TelemetryNames.LOGGER.log(
          System.Logger.Level.WARNING,
          "OpenTelemetry is noop(): nothing is recorded. Pass the SDK of the host, or use"
              + " ProxyTelemetrySdk.");
      return false;
    }
    if (openTelemetry.getMeterProvider() == MeterProvider.noop()) {
      TelemetryNames.LOGGER.log(
          System.Logger.Level.WARNING,
          "OpenTelemetry has no meter provider: no metrics are recorded. Set one with"
              + " OpenTelemetrySdk.builder().setMeterProvider(...).");
    }
    return true;
  }

  private void logPrivacy() {
    if (privacy == Privacy.STRICT) {
      TelemetryNames.LOGGER.log(
          System.Logger.Level.INFO,
          "Privacy is STRICT: no spans, no trace ids, and trace headers are removed.");
    } else if (privacy == Privacy.STANDARD) {
      TelemetryNames.LOGGER.log(
          System.Logger.Level.INFO, "Privacy is STANDARD: spans describe single requests.");
    }
  }
}
