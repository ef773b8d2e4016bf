package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.otel.metrics.CallbackErrors;
import io.github.proxytelemetry.otel.metrics.Callbacks;
import io.github.proxytelemetry.otel.metrics.NamingCheck;
import io.github.proxytelemetry.otel.metrics.PrometheusName;
import io.github.proxytelemetry.otel.metrics.TelemetryNames;
import io.opentelemetry.api.metrics.Meter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Instruments that the host feeds. None is registered until it is asked for. */
final class WorkMetrics {
  /** Names are constants of the host; a bound shows early that they are not. */
  static final int LIMIT = 100;

  private static final Pattern WORK = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]{0,99}");
  private static final Pattern UNIT = Pattern.compile("[\\x21-\\x7E]{0,63}");
  private static final String BYTES = "By";

  /** {@code target_info}, in which Prometheus is told the resource. */
  private static final String RESOURCE = PrometheusName.ofMetric("target_info", "");

  private static final List<Long> BUFFER_BUCKETS =
      List.of(1024L, 4096L, 16_384L, 65_536L, 262_144L, 1_048_576L, 4_194_304L, 16_777_216L);

  private final Meter meter;
  private final String prefix;
  private final String reserved;
  private final CallbackErrors errors;
  private final ConcurrentHashMap<String, WorkGauge> works = new ConcurrentHashMap<>();
  // All guarded by this.
  private final Set<String> taken = new HashSet<>();
  private final Set<String> exposed = new HashSet<>();
  private final Callbacks callbacks = new Callbacks();
  private final Map<String, HostGauge> gauges = new HashMap<>();
  private @Nullable BufferSizes buffers;

  WorkMetrics(Meter meter, MetricNaming naming, CallbackErrors errors) {
    this.meter = meter;
    this.errors = errors;
    this.prefix = TelemetryNames.prefix(naming);
    this.reserved = PrometheusName.ofLabel(TelemetryNames.telemetry(naming));
    for (Instrument instrument : Instrument.values()) {
      String name = naming.name(instrument);
      if (name != null) {
        taken.add(name.toLowerCase(Locale.ROOT));
        exposed.add(PrometheusName.ofMetric(name, instrument.unit()));
      }
    }
    exposed.add(RESOURCE);
  }

  /** As {@link OtelProxyTelemetry#inProgress}. */
  InProgress inProgress(String work) {
    WorkGauge gauge = works.get(Objects.requireNonNull(work, "work"));
    return new InProgress(gauge == null ? addWork(work) : gauge);
  }

  /** As {@link OtelProxyTelemetry#bufferSizes}. */
  synchronized BufferSizes bufferSizes() {
    if (buffers == null) {
      BufferSizes added =
          new BufferSizes(
              meter
                  .histogramBuilder(take("buffer_size_bytes", BYTES))
                  .ofLongs()
                  .setUnit(BYTES)
                  .setDescription("Size of buffers in use")
                  .setExplicitBucketBoundariesAdvice(BUFFER_BUCKETS)
                  .build());
      buffers = added;
      callbacks.add(
          meter
              .gaugeBuilder(take("buffer_default_size_bytes", BYTES))
              .ofLongs()
              .setUnit(BYTES)
              .setDescription("Calibrated default size of buffers")
              .buildWithCallback(added::observeDefaultSize));
      callbacks.add(
          meter
              .gaugeBuilder(take("buffer_max_size_bytes", BYTES))
              .ofLongs()
              .setUnit(BYTES)
              .setDescription("Calibrated maximum size of buffers")
              .buildWithCallback(added::observeMaxSize));
    }
    return buffers;
  }

  /** As {@link OtelProxyTelemetry#gauge}. */
  synchronized void gauge(
      String name, String unit, Map<String, String> labels, LongSupplier value) {
    SortedMap<String, String> checked = HostGauge.checked(Objects.requireNonNull(labels, "labels"));
    Objects.requireNonNull(value, "value");
    if (!NamingCheck.NAME.matcher(Objects.requireNonNull(name, "name")).matches()) {
      throw new IllegalArgumentException(
          NamingCheck.invalid("gauge name", name) + "; " + NamingCheck.EXPECTED_NAME);
    }
    if (!UNIT.matcher(Objects.requireNonNull(unit, "unit")).matches()) {
      throw new IllegalArgumentException(
          NamingCheck.invalid("gauge unit", unit)
              + "; expected up to 63 characters of ASCII without spaces");
    }
    HostGauge known = gauges.get(name);
    if (known != null && (known.isLabelled() || !checked.isEmpty())) {
      known.add(unit, checked, value);
      return;
    }
    if (gauges.size() == LIMIT) {
      throw new IllegalStateException("gauges: more than " + LIMIT + "; expected constants");
    }
    claim(name, unit);
    HostGauge added = new HostGauge(name, unit, checked.keySet(), errors);
    added.add(unit, checked, value);
    gauges.put(name, added);
    callbacks.add(
        meter
            .gaugeBuilder(name)
            .ofLongs()
            .setUnit(unit)
            .setDescription("A value of the host")
            .buildWithCallback(added::observe));
  }

  /** Unregisters all of them. */
  synchronized void close() {
    callbacks.close();
  }

  private synchronized WorkGauge addWork(String work) {
    WorkGauge known = works.get(work);
    if (known != null) {
      return known;
    }
    if (!WORK.matcher(work).matches()) {
      throw new IllegalArgumentException(
          NamingCheck.invalid("work", work)
              + "; expected a letter or _ and then up to 99 letters, digits and _");
    }
    if (works.size() == LIMIT) {
      throw new IllegalStateException("kinds of work: more than " + LIMIT + "; expected constants");
    }
    String name = take(work + "_in_progress", "");
    WorkGauge added = new WorkGauge();
    callbacks.add(
        meter
            .upDownCounterBuilder(name)
            .setUnit("{" + work + "}")
            .setDescription("Units of the host's work in progress")
            .buildWithCallback(measurement -> measurement.record(added.value())));
    works.put(work, added);
    return added;
  }

  private String take(String name, String unit) {
    claim(prefix + name, unit);
    return prefix + name;
  }

  private void claim(String name, String unit) {
    String id = PrometheusName.ofMetric(name, unit);
    if (id.startsWith(reserved)) {
      throw new IllegalArgumentException(
          NamingCheck.invalid("metric name", name)
              + "; expected a name that does not begin with \""
              + reserved
              + "\", as the telemetry's own do");
    }
    // The SDK compares names without regard to case.
    String lowerCase = name.toLowerCase(Locale.ROOT);
    if (taken.contains(lowerCase) || exposed.contains(id)) {
      throw new IllegalArgumentException(
          NamingCheck.invalid("metric name", name)
              + " twice, as Prometheus sees it; expected names that differ in more than case, signs,"
              + " unit and _total");
    }
    taken.add(lowerCase);
    exposed.add(id);
  }
}
