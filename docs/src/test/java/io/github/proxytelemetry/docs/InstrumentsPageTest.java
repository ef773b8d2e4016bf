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

/** The page that lists what is measured says what the catalogue says. */
class InstrumentsPageTest {
  private static final List<MetricNaming> NAMINGS =
      List.of(MetricNaming.PRIVACY_PROXY, MetricNaming.KRAKEND, MetricNaming.SEMCONV);
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
            # What is measured

            Generated from `Instrument` and `Dimension`. The first name is that of `MetricNaming.PRIVACY_PROXY`; where `KRAKEND`
            or `SEMCONV` have another, it follows. Histograms have explicit buckets. Every label's value comes from a closed set
            or from the host's own configuration: no text from the network becomes one.

            Connection, request, latency and tunnel are on. The others are the layers: `builder.layers(…)` switches them on.
            What the telemetry counts of itself, with the prefix of the naming and `telemetry_`, is in
            [exporting.md](exporting.md).
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
