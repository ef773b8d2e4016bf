package io.github.proxytelemetry.sdk.export;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.prometheus.PrometheusMetricReader;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.prometheus.metrics.exporter.common.PrometheusScrapeHandler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.URL;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** Message about libraries that do not fit together: which there are, and which are needed. */
public final class Libraries {
  /**
   * Both ends are run by consumer-tests; what lies between them is what the BOMs of a host have.
   */
  private static final String OLDEST = "1.59.0";

  private static final String NEWEST = "1.67.0";
  private static final Pattern VERSION = Pattern.compile("-(\\d+(?:\\.\\d+)+[^/]*?)\\.jar");

  /** With a class that every version of the library has. */
  private record Library(String name, String oldest, String newest, Supplier<Class<?>> type) {
    static Library ofOpenTelemetry(String artifact, Supplier<Class<?>> type) {
      return new Library("io.opentelemetry:opentelemetry-" + artifact, OLDEST, NEWEST, type);
    }

    static Library ofPrometheus(String artifact, Supplier<Class<?>> type) {
      return new Library("io.prometheus:prometheus-metrics-" + artifact, "1.8.0", "1.8.0", type);
    }

    boolean fits() {
      String found = found();
      return compare(found, oldest) >= 0 && compare(found, newest) <= 0;
    }

    String found() {
      try {
        return version(type.get());
      } catch (LinkageError e) {
        return "missing";
      }
    }

    @Override
    public String toString() {
      String needed = oldest.equals(newest) ? oldest : oldest + " to " + newest;
      return name + " is " + found() + ", expected " + needed;
    }
  }

  /** A library that we do without, but that OpenTelemetry's SDK uses where it is present. */
  private static final String INCUBATOR =
      "io/opentelemetry/api/incubator/trace/ExtendedTracer.class";

  private Libraries() {}

  /** Says what is wrong, and what to do about it. */
  public static String message(LinkageError error) {
    List<Library> libraries =
        List.of(
            Library.ofOpenTelemetry("api", () -> OpenTelemetry.class),
            Library.ofOpenTelemetry("context", () -> Context.class),
            Library.ofOpenTelemetry("sdk-common", () -> CompletableResultCode.class),
            Library.ofOpenTelemetry("sdk-metrics", () -> SdkMeterProvider.class),
            Library.ofOpenTelemetry("sdk-trace", () -> SdkTracerProvider.class),
            Library.ofOpenTelemetry("exporter-otlp", () -> OtlpHttpSpanExporter.class),
            new Library(
                "io.opentelemetry:opentelemetry-exporter-prometheus",
                "1.65.0",
                "1.65.0",
                () -> PrometheusMetricReader.class),
            Library.ofPrometheus("model", () -> PrometheusRegistry.class),
            Library.ofPrometheus("exporter-common", () -> PrometheusScrapeHandler.class),
            new Library(
                "com.squareup.okhttp3:okhttp-jvm", "5.0.0", "5.5.0", () -> OkHttpClient.class));
    if (String.valueOf(error.getMessage()).contains("api/incubator")) {
      return message(error, Stream.of(incubator()));
    }
    List<Library> unfit = libraries.stream().filter(library -> !library.fits()).toList();
    return message(error, (unfit.isEmpty() ? libraries : unfit).stream().map(Library::toString));
  }

  private static String message(LinkageError error, Stream<String> libraries) {
    String advice =
        "import io.github.proxytelemetry:proxy-telemetry-bom before other BOMs, or with the parent"
            + " of Spring Boot set the properties opentelemetry.version to 1.66.0 and"
            + " prometheus-client.version to 1.8.0";
    return Stream.concat(libraries, Stream.of(advice))
        .collect(Collectors.joining("; ", "libraries do not fit together (" + error + "): ", ""));
  }

  /** Brought by instrumentations; with it the SDK starts in one version only. */
  private static String incubator() {
    ClassLoader loader = Libraries.class.getClassLoader();
    URL found = loader == null ? null : loader.getResource(INCUBATOR);
    return "io.opentelemetry:opentelemetry-api-incubator is "
        + versionIn(String.valueOf(found))
        + ", expected 1.65.0-alpha with OpenTelemetry 1.66.0, or none";
  }

  /** From the manifest, or for a module from the name of its jar. */
  private static String version(Class<?> type) {
    Package room = type.getPackage();
    String version = room == null ? null : room.getImplementationVersion();
    return version == null ? versionOfJar(type.getProtectionDomain().getCodeSource()) : version;
  }

  private static String versionOfJar(@Nullable CodeSource source) {
    return versionIn(source == null ? "" : String.valueOf(source.getLocation()));
  }

  /** From the last jar in a URL: it may lie in another one. */
  private static String versionIn(String url) {
    Matcher matcher = VERSION.matcher(url);
    String version = "of an unknown version";
    while (matcher.find()) {
      version = String.valueOf(matcher.group(1));
    }
    return version;
  }

  /** By the three numbers; what has none is less than all. */
  private static int compare(String version, String other) {
    int[] numbers = numbers(version);
    int[] others = numbers(other);
    return Arrays.compare(numbers, others);
  }

  private static int[] numbers(String version) {
    Matcher matcher = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6}).*").matcher(version);
    return matcher.matches()
        ? IntStream.rangeClosed(1, 3).map(group -> Integer.parseInt(matcher.group(group))).toArray()
        : new int[0];
  }
}
