package io.github.proxytelemetry.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page about metrics lists the catalogue. */
class InstrumentsPageTest {
  private static final List<MetricNaming> NAMINGS =
      List.of(
          MetricNaming.PRIVACY_PROXY,
          MetricNaming.KRAKEND,
          MetricNaming.KRAKEND_OTEL,
          MetricNaming.SEMCONV);
  private static final Path PAGE = Path.of("instruments.md");

  @Test
  void pageListsTheCatalogue() throws IOException {
    String page = page();
    if (Boolean.getBoolean("docs.update")) {
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE).as("accept a change with -Ddocs.update=true").hasContent(page);
  }

  private static String page() {
    StringBuilder page =
        new StringBuilder(
            """
            # Metrics

            Generated from `Instrument` and `Dimension`. The first name is that of `MetricNaming.PRIVACY_PROXY`, followed by those of
            `KRAKEND`, `KRAKEND_OTEL` and `SEMCONV` where they differ. Histograms have explicit buckets. Label values come from closed sets or from
            the host's configuration, never from the network.

            The groups connection, request, latency and tunnel are on by default. The others are layers, which
            `OtelProxyTelemetryBuilder.layers(…)` switches on, in the SDK `recording(recording -> recording.layers(…))`.
            In code, a metric is the constant without the prefix: `privacy_proxy_errors_total` is recorded where `ERRORS_TOTAL` is used.
            Prometheus has `_` in place of `.` and `-`, and the unit at the end of a name. Not every naming uses every label.
            Metrics of the telemetry itself are listed in [exporting.md](exporting.md#when-something-is-wrong).
            """);
    for (Instrument.Group group : Instrument.Group.values()) {
      page.append("\n## ").append(lower(group)).append("\n\n");
      page.append("| name | kind | unit | labels | what |\n|---|---|---|---|---|\n");
      for (Instrument instrument : Instrument.values()) {
        if (instrument.group() == group) {
          page.append(row(instrument)).append('\n');
        }
      }
    }
    return page.toString();
  }

  private static String row(Instrument instrument) {
    return Arrays.asList(
            names(instrument),
            lower(instrument.kind()),
            "`" + instrument.unit() + "`",
            labels(instrument),
            instrument.description())
        .stream()
        .collect(Collectors.joining(" | ", "| ", " |"));
  }

  private static String names(Instrument instrument) {
    return NAMINGS.stream()
        .map(naming -> naming.name(instrument))
        .filter(Objects::nonNull)
        .distinct()
        .map(name -> "`" + name + "`")
        .collect(Collectors.joining("<br>"));
  }

  private static String labels(Instrument instrument) {
    return instrument.dimensions().stream()
        .filter(d -> NAMINGS.stream().anyMatch(naming -> naming.key(instrument, d) != null))
        .map(Dimension::key)
        .collect(Collectors.joining(", "));
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
