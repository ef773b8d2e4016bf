package io.github.proxytelemetry.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page that lists what is measured says what the catalogue says. */
class InstrumentsPageTest {
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

            Generated from `Instrument` and `Dimension`; the names are those of `MetricNaming.PRIVACY_PROXY`. Histograms count
            seconds in explicit buckets. Every label's values come from a closed set: no text from the network becomes one.
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
    String labels =
        instrument.dimensions().stream().map(Dimension::key).collect(Collectors.joining(", "));
    return Arrays.asList(
            "`" + MetricNaming.PRIVACY_PROXY.name(instrument) + "`",
            lower(instrument.kind()),
            "`" + instrument.unit() + "`",
            labels,
            instrument.description())
        .stream()
        .collect(Collectors.joining(" | ", "| ", " |"));
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
