package io.github.proxytelemetry.sdk.export;

import io.github.proxytelemetry.otel.tracing.OwnScope;
import io.opentelemetry.exporter.prometheus.PrometheusMetricReader;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of one listener, in which no name occurs twice. A host may record under any name, also
 * one of ours or one that Prometheus takes for it; the client library would then mix the two, drop
 * either, or answer no scrape. Ours are kept, and of the host's the first by scope and name.
 * Thread-safe.
 */
final class PrometheusMetrics implements MultiCollector {
  private static final System.Logger LOGGER = System.getLogger("io.github.proxytelemetry.sdk");

  /** Bounds the memory for the names that were logged. */
  private static final int MAX_LINES = 100;

  /** The same in each scrape, whatever was registered first. */
  private static final Comparator<MetricData> ORDER =
      Comparator.comparing((MetricData metric) -> metric.getInstrumentationScopeInfo().getName())
          .thenComparing(MetricData::getName);

  private final String exporter;
  private final List<ManualReader> sources = new CopyOnWriteArrayList<>();
  private final Conversion plain = new Conversion(false);

  /** Also has {@code target_info}, which is the same in all: they have one resource. */
  private final Conversion described = new Conversion(true);

  private final Set<String> warned = new HashSet<>();

  /** Metrics that are one for Prometheus. */
  private static final class Family {
    private final List<MetricData> metrics = new ArrayList<>();
    private final boolean ours;
    private MetricSnapshot snapshot;

    Family(boolean ours, MetricSnapshot snapshot) {
      this.ours = ours;
      this.snapshot = snapshot;
    }

    String name() {
      return metrics.isEmpty() ? "target_info" : PrometheusMetrics.name(metrics.get(0));
    }
  }

  PrometheusMetrics(String exporter) {
    this.exporter = exporter;
  }

  /** Adds a reader, to be registered with one more meter provider. The host has the first only. */
  MetricReader addSource() {
    ManualReader source = new ManualReader();
    sources.add(source);
    return source;
  }

  @Override
  public MetricSnapshots collect() {
    List<MetricData> ours = new ArrayList<>();
    List<MetricData> others = new ArrayList<>();
    // Runs callbacks of the host, so it is not under the lock.
    for (ManualReader source : sources) {
      for (MetricData metric : source.collect()) {
        String scope = metric.getInstrumentationScopeInfo().getName();
        (source == sources.get(0) && !OwnScope.isOurs(scope) ? others : ours).add(metric);
      }
    }
    others.sort(ORDER);
    return convert(ours, others);
  }

  private synchronized MetricSnapshots convert(List<MetricData> ours, List<MetricData> others) {
    Map<String, Family> taken = new HashMap<>();
    MetricSnapshot target = described.target(ours.isEmpty() ? others : ours);
    if (target != null) {
      taken.put(target.getMetadata().getPrometheusName(), new Family(true, target));
    }
    ours.forEach(metric -> add(metric, true, taken));
    others.forEach(metric -> add(metric, false, taken));
    return new MetricSnapshots(
        taken.values().stream().distinct().map(family -> family.snapshot).toList());
  }

  private void add(MetricData metric, boolean isOurs, Map<String, Family> taken) {
    MetricSnapshot snapshot = plain.convert(List.of(metric));
    if (snapshot == null) {
      warn(metric, "Prometheus does not take its name or its labels");
      return;
    }
    List<String> names = names(snapshot);
    for (String name : names) {
      Family family = taken.get(name);
      if (family != null) {
        if (family.ours != isOurs || !merge(metric, snapshot, family)) {
          warn(metric, "Prometheus takes it for " + family.name());
        }
        return;
      }
    }
    Family family = new Family(isOurs, snapshot);
    family.metrics.add(metric);
    names.forEach(name -> taken.put(name, family));
  }

  /** Adds series of another scope, which differ by their labels. */
  private boolean merge(MetricData metric, MetricSnapshot snapshot, Family family) {
    if (family.metrics.isEmpty()
        || snapshot.getClass() != family.snapshot.getClass()
        || !Objects.equals(
            snapshot.getMetadata().getUnit(), family.snapshot.getMetadata().getUnit())) {
      return false;
    }
    List<MetricData> all = new ArrayList<>(family.metrics);
    all.add(metric);
    MetricSnapshot merged = plain.convert(all);
    if (merged == null) {
      return false;
    }
    family.metrics.add(metric);
    family.snapshot = merged;
    return true;
  }

  /** All names that the text formats have for it, but those that no other metric can have. */
  private static List<String> names(MetricSnapshot snapshot) {
    String name = snapshot.getMetadata().getPrometheusName();
    return snapshot instanceof HistogramSnapshot
        ? List.of(name, name + "_count", name + "_sum")
        : List.of(name);
  }

  private void warn(MetricData metric, String reason) {
    String name = name(metric);
    if (warned.size() < MAX_LINES && warned.add(name)) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "Exporter \"{0}\": {1} is left out, as {2}. Rename it.",
          exporter,
          name,
          reason);
    }
  }

  private static String name(MetricData metric) {
    return '"'
        + metric.getName()
        + "\" of \""
        + metric.getInstrumentationScopeInfo().getName()
        + '"';
  }

  /** OpenTelemetry's conversion, of what it is given. */
  private static final class Conversion implements CollectionRegistration {
    private final PrometheusMetricReader reader;
    private List<MetricData> metrics = List.of();

    Conversion(boolean targetInfo) {
      // Metrics have no labels but their own: Prometheus adds job and instance.
      reader =
          PrometheusMetricReader.builder()
              .setOtelScopeLabelsEnabled(false)
              .setTargetInfoMetricEnabled(targetInfo)
              .build();
      reader.register(this);
    }

    @Override
    public List<MetricData> collectAllMetrics() {
      return metrics;
    }

    /** {@code null} if there is nothing to describe. */
    @Nullable MetricSnapshot target(List<MetricData> all) {
      metrics = all.subList(0, Math.min(1, all.size()));
      for (MetricSnapshot snapshot : reader.collect()) {
        if (snapshot instanceof InfoSnapshot) {
          return snapshot;
        }
      }
      return null;
    }

    /** One metric of them; {@code null} if it cannot be one. */
    @Nullable MetricSnapshot convert(List<MetricData> parts) {
      metrics = parts;
      try {
        MetricSnapshots converted = reader.collect();
        return converted.size() == 1 ? converted.get(0) : null;
      } catch (IllegalArgumentException e) {
        // Such as two series with the same labels.
        return null;
      }
    }
  }
}
