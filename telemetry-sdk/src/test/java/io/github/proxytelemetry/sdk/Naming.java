package io.github.proxytelemetry.sdk;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The namings, and what is listed for each in {@code src/test/resources/names}. */
enum Naming {
  PRIVACY_PROXY(MetricNaming.PRIVACY_PROXY),
  UNPREFIXED(MetricNaming.privacyProxy("")),
  KRAKEND(MetricNaming.KRAKEND),
  KRAKEND_OTEL(MetricNaming.KRAKEND_OTEL),
  KRAKEND_OTEL_1_27(MetricNaming.KRAKEND_OTEL_1_27),
  SEMCONV(MetricNaming.SEMCONV),
  CUSTOM(new Custom());

  // The interface does not promise it, but all of these are immutable.
  @SuppressWarnings("ImmutableEnumChecker")
  private final MetricNaming naming;

  Naming(MetricNaming naming) {
    this.naming = naming;
  }

  MetricNaming naming() {
    return naming;
  }

  Set<WireName> listed() {
    String file = name().toLowerCase(Locale.ROOT).replace('_', '-') + ".txt";
    try (Stream<String> lines = Files.lines(Path.of("src/test/resources/names", file))) {
      return lines.map(WireName::parse).collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A company's own: dots, every dimension there is, and no tunnels. */
  private static final class Custom implements MetricNaming {
    @Override
    public @Nullable String name(Instrument instrument) {
      return instrument.group() == Instrument.Group.TUNNEL
          ? null
          : "acme.edge." + instrument.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String key(Instrument instrument, Dimension dimension) {
      return "acme." + dimension.key();
    }
  }
}
