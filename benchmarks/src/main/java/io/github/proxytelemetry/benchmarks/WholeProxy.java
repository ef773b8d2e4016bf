package io.github.proxytelemetry.benchmarks;

import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.HttpServerCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whole proxies on loopback, each mode in a process of its own, under {@code wrk} and {@code
 * h2load}, which have to be installed. The modes take turns, and before each slice of one comes a
 * slice of "none", which it is compared to.
 */
public final class WholeProxy {
  private static final String NONE = "none";
  private static final Set<String> KEYS =
      Set.of("modes", "scenarios", "slices", "seconds", "warmup", "java", "out", "readme", "host");

  private final Options options;
  private final Host host;
  private final List<String> modes;
  private final int slices;
  private final Duration seconds;
  private final Duration warmUp;
  private final Map<String, ProxyProcess> proxies = new LinkedHashMap<>();
  private final SpanSink spans = new SpanSink();

  /** Takes {@code key=value}, of which the README of the benchmarks has a list. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    WholeProxy benchmark = new WholeProxy(new Options(KEYS, arguments));
    benchmark.run();
  }

  private WholeProxy(Options options) {
    this.options = options;
    this.host = Host.of(options.text("host", "netty"));
    this.modes = options.chosen("modes", host.modes(), host.modes());
    this.slices = options.number("slices", 8);
    this.seconds = options.seconds("seconds", 3);
    this.warmUp = options.seconds("warmup", 40);
  }

  private void run() throws IOException, InterruptedException {
    Cores cores = Cores.divide();
    System.out.println("Cores: " + cores);
    EventLoopGroup loop = Network.eventLoop();
    List<Results> all = new ArrayList<>();
    String java = "";
    try {
      startProxies(cores, loop);
      java = proxy(NONE).javaVersion();
      for (String scenario : options.chosen("scenarios", host.scenarios(), List.of("h1-32"))) {
        all.add(measure(Scenario.of(scenario)));
      }
    } finally {
      proxies.values().forEach(ProxyProcess::close);
      loop.shutdownGracefully().syncUninterruptibly();
      spans.close();
    }
    write(all, "\nJDK " + java + ", " + cores + ". Options: " + options.given() + ".\n");
  }

  private void startProxies(Cores cores, EventLoopGroup loop)
      throws IOException, InterruptedException {
    int origin =
        Network.listen(
            loop, pipeline -> pipeline.addLast(new HttpServerCodec(), new FreshAnswer()));
    Path home = options.path("java");
    Path java =
        (home == null ? Path.of(System.getProperty("java.home")) : home).resolve("bin/java");
    List<String> started = new ArrayList<>(List.of(NONE));
    started.addAll(modes);
    for (String mode : started) {
      ProxyProcess proxy =
          ProxyProcess.start(java, cores, host, mode, new ProxyProcess.Origin(loop, origin, spans));
      proxies.put(mode, proxy);
      proxy.prove();
      System.out.println("proved: " + mode);
    }
  }

  private Results measure(Scenario scenario) throws IOException, InterruptedException {
    System.out.println("\n" + scenario.title());
    Results results = new Results(scenario);
    for (ProxyProcess proxy : proxies.values()) {
      WarmUp warm = WarmUp.run(scenario, proxy, warmUp);
      results.warmedUp(proxy.mode(), warm);
      System.out.println("cold: " + warm.cold());
      System.out.printf("warm: compiler %.0f ms a second%n", warm.compilerMillis());
    }
    for (int round = 1; round <= slices; round++) {
      System.out.println("round " + round + " of " + slices);
      for (String mode : modes) {
        Slice none = Slice.measure(scenario, proxy(NONE), seconds);
        System.out.println("  " + none);
        Slice slice = Slice.measure(scenario, proxy(mode), seconds);
        System.out.println("  " + slice);
        results.add(new Pair(none, slice));
      }
    }
    return results;
  }

  private ProxyProcess proxy(String mode) {
    ProxyProcess proxy = proxies.get(mode);
    if (proxy == null) {
      throw new IllegalArgumentException("modes: there is no proxy of mode \"" + mode + '"');
    }
    return proxy;
  }

  private void write(List<Results> all, String conditions) throws IOException {
    String tables = conditions + Report.markdown(all);
    System.out.println(tables);
    Path out = options.path("out");
    List<Path> charts = new ArrayList<>();
    if (out != null) {
      Files.createDirectories(out);
      Files.writeString(out.resolve(name(null) + ".tsv"), Report.tsv(all));
      for (Results results : all) {
        Path chart = out.resolve(name(charts.isEmpty() ? null : results.scenario().key()) + ".svg");
        Files.writeString(chart, BarChart.draw(results));
        charts.add(chart);
      }
    }
    for (Path page : options.paths("readme")) {
      StringBuilder images = new StringBuilder();
      for (Path chart : charts) {
        images.append(Block.image(page, chart, "Throughput and CPU of a whole proxy, by mode"));
      }
      Block.replace(page, name(null), images + tables);
    }
  }

  /**
   * The name of a file or block: of the host where it is not Netty, of a scenario but the first.
   */
  private String name(@Nullable String scenario) {
    return "whole-proxy"
        + (host == Host.NETTY ? "" : "-" + host.key())
        + (scenario == null ? "" : "-" + scenario);
  }
}
