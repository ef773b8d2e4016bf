package io.github.proxytelemetry.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** Results of a whole-proxy benchmark as Markdown and as tab-separated values. */
final class Report {
  private static final double MICROS_PER_MILLI = 1e3;

  private static final String HEAD =
      """
      | mode | requests/s ÷ none | quartiles | CPU ÷ none | quartiles | CPU µs a request, added | quartiles \
      | in user space | B a request | added | p50 µs | p99 µs | quartiles | compiler ms |
      |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
      """;

  private static final String WARM_UP_HEAD =
      """
      | mode | cold: requests/s | p50 | p90 | p99 | p99.9 | longest | compiler, ms a second \
      | warm: requests/s | p50 | p90 | p99 | p99.9 | longest | compiler |
      |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
      """;

  /** One table a scenario. */
  static String markdown(List<Results> all) {
    StringBuilder text = new StringBuilder();
    for (Results results : all) {
      text.append("\n**").append(results.scenario().title()).append(".** ");
      text.append(none(results)).append("\n\n").append(HEAD);
      results.pairs().forEach((mode, pairs) -> text.append(row(mode, pairs)));
      text.append(
          "\nThe first seconds of load on each proxy, and the median of the slices; latencies in ms:\n\n");
      text.append(WARM_UP_HEAD);
      results
          .warmUps()
          .forEach(
              (mode, warmUp) ->
                  text.append(
                      "| %s | %s | %s |%n"
                          .formatted(
                              mode,
                              latencies(List.of(warmUp.cold())),
                              latencies(results.slices(mode)))));
    }
    return text.toString();
  }

  /** One line a slice. */
  static String tsv(List<Results> all) {
    StringBuilder text =
        new StringBuilder(
            "scenario\tcompared\tmode\trequests_per_s\tcpu_us\tuser_us\tbytes\tp50_us\tp99_us\tcompiler_ms\n");
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
            + " (%s), compiler %s ms a slice; %d slices, %s µs in user space.",
        Quartiles.of(none, Slice::throughput).text(0),
        Quartiles.of(none, Slice::throughput).range(0),
        Quartiles.of(none, Slice::cpu).text(2),
        Quartiles.of(none, Slice::cpu).range(2),
        Quartiles.of(none, Slice::bytes).text(0),
        Quartiles.of(none, slice -> slice.load().latency().p50()).text(0),
        Quartiles.of(none, slice -> slice.load().latency().p99()).text(0),
        Quartiles.of(none, slice -> slice.load().latency().p99()).range(0),
        Quartiles.of(none, slice -> slice.usage().compilerMillis()).text(0),
        none.size(),
        Quartiles.of(none, Slice::user).text(2));
  }

  private static String latencies(List<Slice> slices) {
    return String.join(
        " | ",
        Quartiles.of(slices, Slice::throughput).text(0),
        millis(slices, Load.Latency::p50),
        millis(slices, Load.Latency::p90),
        millis(slices, Load.Latency::p99),
        millis(slices, Load.Latency::p999),
        millis(slices, Load.Latency::longest),
        Quartiles.of(slices, slice -> slice.usage().compilerMillis() / slice.load().seconds())
            .text(0));
  }

  private static String millis(List<Slice> slices, ToLongFunction<Load.Latency> percentile) {
    return Quartiles.of(
            slices, slice -> percentile.applyAsLong(slice.load().latency()) / MICROS_PER_MILLI)
        .text(1);
  }

  private static String row(String mode, List<Pair> pairs) {
    Quartiles throughput = Quartiles.of(pairs, Pair::throughputRatio);
    Quartiles cpu = Quartiles.of(pairs, Pair::cpuRatio);
    Quartiles added = Quartiles.of(pairs, Pair::cpuAdded);
    Quartiles p99 = Quartiles.of(pairs, pair -> pair.mode().load().latency().p99());
    return String.join(
        " | ",
        "| " + (mode.equals("control") ? "control (none again)" : mode),
        throughput.text(3),
        throughput.range(3),
        cpu.text(3),
        cpu.range(3),
        added.text(2),
        added.range(2),
        Quartiles.of(pairs, Pair::userAdded).text(2),
        Quartiles.of(pairs, pair -> pair.mode().bytes()).text(0),
        Quartiles.of(pairs, Pair::bytesAdded).text(0),
        Quartiles.of(pairs, pair -> pair.mode().load().latency().p50()).text(0),
        p99.text(0),
        p99.range(0),
        Quartiles.of(pairs, pair -> pair.mode().usage().compilerMillis()).text(0) + " |\n");
  }

  private static String line(Scenario scenario, String compared, Slice slice) {
    return String.format(
        Locale.ROOT,
        "%s\t%s\t%s\t%.0f\t%.3f\t%.3f\t%.0f\t%d\t%d\t%d%n",
        scenario.key(),
        compared,
        slice.mode(),
        slice.throughput(),
        slice.cpu(),
        slice.user(),
        slice.bytes(),
        slice.load().latency().p50(),
        slice.load().latency().p99(),
        slice.usage().compilerMillis());
  }

  private Report() {}
}
