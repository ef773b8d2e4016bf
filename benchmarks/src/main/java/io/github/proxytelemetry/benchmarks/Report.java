package io.github.proxytelemetry.benchmarks;

import java.util.List;
import java.util.Locale;

/** Results of a whole-proxy benchmark as Markdown and as tab-separated values. */
final class Report {
  private static final String HEAD =
      """
      | mode | requests/s ÷ none | quartiles | CPU ÷ none | quartiles | CPU µs a request, added | quartiles \
      | B a request | added | p50 µs | p99 µs | quartiles | compiler ms |
      |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
      """;

  /** One table a scenario. */
  static String markdown(List<Results> all) {
    StringBuilder text = new StringBuilder();
    for (Results results : all) {
      text.append("\n**").append(results.scenario().title()).append(".** ");
      text.append(none(results)).append("\n\n").append(HEAD);
      results.pairs().forEach((mode, pairs) -> text.append(row(mode, pairs)));
      text.append("\nCompilation at the end of the warm-up, ms a second: ");
      StringBuilder warm = new StringBuilder();
      results
          .compilerAfterWarmUp()
          .forEach(
              (mode, millis) ->
                  warm.append(warm.isEmpty() ? "" : ", ")
                      .append(String.format(Locale.ROOT, "%s %.0f", mode, millis)));
      text.append(warm).append(".\n");
    }
    return text.toString();
  }

  /** One line a slice. */
  static String tsv(List<Results> all) {
    StringBuilder text =
        new StringBuilder(
            "scenario\tcompared\tmode\trequests_per_s\tcpu_us\tbytes\tp50_us\tp99_us\tcompiler_ms\n");
    for (Results results : all) {
      results
          .pairs()
          .forEach(
              (mode, pairs) -> {
                for (Pair pair : pairs) {
                  for (Slice slice : List.of(pair.none(), pair.mode())) {
                    text.append(line(results.scenario(), mode, slice));
                  }
                }
              });
    }
    return text.toString();
  }

  private static String none(Results results) {
    List<Slice> none = results.none();
    return String.format(
        Locale.ROOT,
        "Without telemetry: %s requests/s (quartiles %s), %s µs of CPU a request (%s), %s B, p50 %s µs, p99 %s µs"
            + " (%s), compiler %s ms a slice; %d slices.",
        Quartiles.of(none, Slice::throughput).text(0),
        Quartiles.of(none, Slice::throughput).range(0),
        Quartiles.of(none, Slice::cpu).text(2),
        Quartiles.of(none, Slice::cpu).range(2),
        Quartiles.of(none, Slice::bytes).text(0),
        Quartiles.of(none, slice -> slice.load().p50()).text(0),
        Quartiles.of(none, slice -> slice.load().p99()).text(0),
        Quartiles.of(none, slice -> slice.load().p99()).range(0),
        Quartiles.of(none, slice -> slice.usage().compilerMillis()).text(0),
        none.size());
  }

  private static String row(String mode, List<Pair> pairs) {
    Quartiles throughput = Quartiles.of(pairs, Pair::throughputRatio);
    Quartiles cpu = Quartiles.of(pairs, Pair::cpuRatio);
    Quartiles added = Quartiles.of(pairs, Pair::cpuAdded);
    Quartiles p99 = Quartiles.of(pairs, pair -> pair.mode().load().p99());
    return String.join(
        " | ",
        "| " + (mode.equals("control") ? "control (none again)" : mode),
        throughput.text(3),
        throughput.range(3),
        cpu.text(3),
        cpu.range(3),
        added.text(2),
        added.range(2),
        Quartiles.of(pairs, pair -> pair.mode().bytes()).text(0),
        Quartiles.of(pairs, Pair::bytesAdded).text(0),
        Quartiles.of(pairs, pair -> pair.mode().load().p50()).text(0),
        p99.text(0),
        p99.range(0),
        Quartiles.of(pairs, pair -> pair.mode().usage().compilerMillis()).text(0) + " |\n");
  }

  private static String line(Scenario scenario, String compared, Slice slice) {
    return String.format(
        Locale.ROOT,
        "%s\t%s\t%s\t%.0f\t%.3f\t%.0f\t%d\t%d\t%d%n",
        scenario.key(),
        compared,
        slice.mode(),
        slice.throughput(),
        slice.cpu(),
        slice.bytes(),
        slice.load().p50(),
        slice.load().p99(),
        slice.usage().compilerMillis());
  }

  private Report() {}
}
