package io.github.proxytelemetry.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** How memory and scrapes grow with connections, exchanges in flight, series and threads. */
public final class Growth {
  private static final List<String> MODES =
      List.of(
          "metrics", "ratio1", "ratio100", "layers", "peerMetrics", "peerRatio1", "peerRatio100");
  private static final int[] CONNECTIONS = {100, 1_000, 10_000};
  private static final int MOST = 10_000;
  private static final int[] ROUTES = {1, 10, 100, 500, 1_000, 2_000};
  private static final int[] THREADS = {1, 4, 16, 64};

  private final StringBuilder text = new StringBuilder();
  private final StringBuilder model = new StringBuilder();
  private final Map<String, Map<Integer, Double>> lines = new LinkedHashMap<>();

  /** Takes {@code out=} and {@code readme=}, as {@link WholeProxy} does. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Options options = new Options(Set.of("modes", "out", "readme"), arguments);
    Growth growth = new Growth();
    growth.connections(options.chosen("modes", MODES, MODES));
    growth.routes();
    growth.threads();
    System.out.println(growth.text);
    growth.write(options);
  }

  private void connections(List<String> modes) {
    Holding[] none = new Holding[CONNECTIONS.length];
    for (int i = 0; i < none.length; i++) {
      none[i] = Holding.measure("none", CONNECTIONS[i]);
    }
    Holding noneMost = none[none.length - 1];
    add(
        "\nBytes that telemetry adds, at %,d of each; *none* has them in all. They vary by some thirty, with"
            + " what else is on the heap.\n\n",
        MOST);
    add(
        "| mode | idle client connection | idle upstream connection | exchange in flight | allocated a request |\n");
    add("|---|---:|---:|---:|---:|\n");
    row("none", noneMost);
    for (String mode : modes) {
      Holding most = Holding.measure(mode, MOST).minus(noneMost);
      if (mode.equals("metrics") || mode.equals("peerMetrics")) {
        String owner = mode.equals("metrics") ? "" : "the peer's ";
        for (int i = 0; i < none.length; i++) {
          int connections = CONNECTIONS[i];
          Holding added =
              connections == MOST ? most : Holding.measure(mode, connections).minus(none[i]);
          line(owner + "idle client connections", connections, added.client());
          line(owner + "exchanges in flight", connections, added.exchange());
        }
      }
      row(mode, most);
      if (mode.equals("metrics")) {
        model(most);
      }
    }
    text.append(model);
  }

  /** One big proxy, by the figures of "metrics". */
  private void model(Holding metrics) {
    double garbage = metrics.garbage() * 1e5 / 1e6;
    double flying = Math.max(0, metrics.exchange()) * 5_000 / 1e6;
    model.append(
        String.format(
            Locale.ROOT,
            """

            A proxy with 1,000,000 idle client connections and 100,000 requests a second that take 50 ms, metrics only:

            - connections: 1,000,000 × %,.0f B = %,.0f MB alive;
            - exchanges: 100,000/s × 0.05 s = 5,000 in flight × %,.0f B = %,.1f MB alive;
            - allocation: 100,000/s × %,.0f B = %,.1f MB/s;
            - processor: 100,000/s × 1 µs = 0.1 cores for every microsecond that the table of the whole proxy says is added.
            """,
            metrics.client(),
            metrics.client(), // A million of them, in millions.
            Math.max(0, metrics.exchange()),
            flying,
            metrics.garbage(),
            garbage));
  }

  private void routes() {
    add(
        "\nRoutes, with every layer on, which is what makes series of them; the peer knows no routes:\n\n");
    add("| routes | samples in a scrape | heap, kB | scrape, kB | scrape, ms |\n");
    add("|---:|---:|---:|---:|---:|\n");
    for (SeriesGrowth.ByRoutes row : SeriesGrowth.routes(ROUTES)) {
      add(
          "| %,d | %,d | %,.0f | %,.0f | %.1f |\n",
          row.routes(),
          row.series(),
          row.heap() / 1e3,
          row.scrapeBytes() / 1e3,
          row.scrapeMillis());
      lines
          .computeIfAbsent("routes, all layers", name -> new TreeMap<>())
          .put(row.routes(), (double) row.heap());
    }
  }

  private void threads() throws InterruptedException {
    add(
        "\nThreads that record 20,000 requests each at the same time, metrics only and without an\n");
    add("adapter, leave this alive, in kB:");
    SeriesGrowth.threads(1); // Loads classes.
    for (int threads : THREADS) {
      add(threads == THREADS[0] ? " " : ", ");
      add("%,.0f (%d)", SeriesGrowth.threads(threads) / 1e3, threads);
    }
    add(".\n");
  }

  private void row(String mode, Holding bytes) {
    add(
        "| %s | %,.0f | %,.0f | %,.0f | %,.0f |\n",
        mode, bytes.client(), bytes.upstream(), bytes.exchange(), bytes.garbage());
  }

  private void line(String name, int count, double bytesOfOne) {
    lines.computeIfAbsent(name, made -> new TreeMap<>()).put(count, count * bytesOfOne);
  }

  private void add(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values));
    System.out.print('.');
  }

  private void write(Options options) throws IOException {
    Path out = options.path("out");
    Path chart = out == null ? null : out.resolve("growth.svg");
    if (chart != null) {
      Files.createDirectories(out);
      Files.writeString(chart, GrowthChart.draw(lines));
    }
    for (Path page : options.paths("readme")) {
      String image =
          chart == null ? "" : Block.image(page, chart, "Memory by number of connections");
      Block.replace(page, "growth", image + text);
    }
  }
}
