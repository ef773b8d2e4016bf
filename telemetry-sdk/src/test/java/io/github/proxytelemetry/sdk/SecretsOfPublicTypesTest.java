package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.CircuitBreaker;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.Observation;
import io.github.proxytelemetry.PathTemplate;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.SamplingRules;
import io.github.proxytelemetry.Scope;
import io.github.proxytelemetry.ServerTiming;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.TunnelObservation;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.Capture;
import io.github.proxytelemetry.otel.Faults;
import io.github.proxytelemetry.otel.Headers;
import io.github.proxytelemetry.otel.Layers;
import io.github.proxytelemetry.otel.OtelProxyTelemetry;
import io.github.proxytelemetry.otel.OtelProxyTelemetryBuilder;
import io.github.proxytelemetry.otel.Privacy;
import io.github.proxytelemetry.otel.Request;
import io.github.proxytelemetry.otel.TraceFormatter;
import io.github.proxytelemetry.otel.Trust;
import io.github.proxytelemetry.sdk.config.EffectiveConfig;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Every public type of the model and of the back end, as it is found in what the modules are made
 * of: each has an instance here, filled with secrets wherever it takes one, or has no state.
 */
class SecretsOfPublicTypesTest {
  private static final String SECRET = "planted-secret";

  /** Packages of the two modules' own rooms are not exported. */
  private static final Set<String> EXPORTED =
      Set.of(
          ProxyTelemetry.class.getPackageName(),
          OtelProxyTelemetry.class.getPackageName(),
          ProxyTelemetrySdk.class.getPackageName());

  /** What the host implements, or what has constants only. */
  private static final Set<Class<?>> WITHOUT_STATE =
      Set.of(
          ConnectionPhase.class,
          Dimension.class,
          HeaderAccess.class,
          Instrument.class,
          Instrument.Group.class,
          Instrument.Kind.class,
          ProxyError.class,
          RequestInfo.class,
          Side.class,
          TunnelKind.class,
          Privacy.class,
          Trust.class,
          Delivery.Status.class,
          TraceIdGenerator.class);

  private final List<Object> shown = new ArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @Test
  void showNoSecret() {
    model();
    setUp();
    running();
    assertThat(shown).allSatisfy(it -> assertThat(it.toString()).doesNotContain(SECRET));
    Set<String> missing = new TreeSet<>();
    for (Class<?> type : publicTypes()) {
      if (!WITHOUT_STATE.contains(type) && shown.stream().noneMatch(type::isInstance)) {
        missing.add(type.getName());
      }
    }
    assertThat(missing).as("public types without an instance in this test").isEmpty();
  }

  @Test
  void haveNoState_whereThatIsSaid() {
    assertThat(publicTypes()).containsAll(WITHOUT_STATE);
    assertThat(WITHOUT_STATE)
        .allSatisfy(
            type ->
                assertThat(
                        type.isEnum()
                            || Arrays.stream(type.getDeclaredFields())
                                .allMatch(SecretsOfPublicTypesTest::isStatic))
                    .isTrue());
  }

  private void model() {
    Upstream upstream = Upstream.named("users", SECRET, 443);
    shown.add(upstream);
    shown.add(Upstream.of(SECRET, 443));
    shown.addAll(List.of(MetricNaming.PRIVACY_PROXY, MetricNaming.KRAKEND, MetricNaming.SEMCONV));
    shown.add(PathTemplate.of("/users/{id}"));
    // A header of a response, which is for everybody who asks.
    shown.add(new ServerTiming.Metric("db", 1.5, "rows"));
    shown.add(ServerTiming.named("proxy").coarse());
    SamplingRules rules = Sampling.rules().when("/health", Sampling.never());
    shown.addAll(List.of(rules, rules.otherwise(Sampling.always())));
    shown.addAll(
        List.of(
            Sampling.never(),
            Sampling.ratio(0.5),
            Sampling.rateLimited(3),
            Sampling.always().capped(3),
            Sampling.ratio(0.1).keepErrorsAndSlow(Duration.ofSeconds(1))));
    shown.add(new TraceFormatter());
    shown.add(CircuitBreaker.create("test"));
  }

  private void setUp() {
    Layers.Builder layers = Layers.builder().metricAttribute("team", SECRET, Group.BACKEND);
    layers.traceAttribute("site", SECRET, Group.GLOBAL);
    shown.addAll(List.of(layers, layers.build()));
    Capture.Builder capture = Capture.builder().requestHeaders("x-tenant").destinations("a.test");
    shown.addAll(List.of(capture, capture.build()));
    EffectiveConfig config =
        new EffectiveConfig(
            Map.of("exporters", Map.of("otlp", List.of(Map.of("host", SECRET)))),
            Map.of("otel.exporter.otlp.headers", "a=" + SECRET),
            Map.of("OTEL_EXPORTER_OTLP_CLIENT_KEY", SECRET),
            null,
            null);
    shown.add(config);
    shown.add(Configuration.of(Map.of("OTEL_EXPORTER_OTLP_HEADERS", "a=" + SECRET)));
    ProxyTelemetrySdkBuilder sdk = ProxyTelemetrySdk.builder("edge");
    sdk.otlp("https://me:" + SECRET + "@127.0.0.1:1?key=" + SECRET, this::fill);
    sdk.prometheus("127.0.0.1", 0, this::fill);
    shown.add(sdk);
    shown.add(Deliveries.delivered());
    shown.add(new Faults(1, false, Map.of(), Map.of(), Map.of()));
  }

  private void running() {
    ProxyTelemetrySdkBuilder builder =
        ProxyTelemetrySdk.builder("edge")
            .otlp("127.0.0.1:1", otlp -> fillHeaders(otlp).timeout(Duration.ofMillis(1)))
            .prometheus("127.0.0.1", 0, this::fill)
            .sampling(Sampling.always())
            .recording(options -> options.layers(Layers.all()));
    shown.add(builder);
    ProxyTelemetrySdk telemetry = builder.build();
    open.add(() -> telemetry.close(Duration.ZERO));
    shown.addAll(List.of(telemetry, telemetry.openTelemetry()));
    OtelProxyTelemetryBuilder recording = OtelProxyTelemetry.builder(OpenTelemetry.noop());
    recording.metrics(shown::add);
    shown.addAll(List.of(recording, recording.build()));
    Health health = telemetry.health();
    shown.add(health);
    shown.addAll(health.exporters());
    shown.add(telemetry.bufferSizes());
    shown.add(telemetry.inProgress("images"));
    for (ProxyTelemetry each : List.of(telemetry, ProxyTelemetry.guarded(telemetry))) {
      shown.add(each);
      observe(each);
    }
  }

  private void observe(ProxyTelemetry telemetry) {
    Headers headers = new Headers().with("Authorization", SECRET).with("baggage", "a=" + SECRET);
    Request request = new Request("GET", "/" + SECRET + "?key=" + SECRET, headers);
    InetSocketAddress peer = InetSocketAddress.createUnresolved(SECRET, 1);
    DownstreamObservation connection = telemetry.startDownstreamConnection(peer, peer);
    ExchangeObservation exchange = connection.startExchange(request);
    exchange.note(Side.UPSTREAM, ProxyError.DNS_ERROR, new IllegalStateException(SECRET));
    Scope scope = exchange.activate();
    AttemptObservation attempt = exchange.startAttempt(Upstream.of(SECRET, 443));
    attempt.inject(headers, Headers.ACCESS);
    attempt.requestStarted(request);
    ConnectionObservation dial = attempt.startConnection();
    attempt.responseStarted(200, headers, Headers.ACCESS);
    exchange.responseStarted(200, headers, Headers.ACCESS);
    TunnelObservation tunnel = exchange.startTunnel(TunnelKind.CONNECT);
    List<Observation> observations = List.of(connection, exchange, attempt, dial, tunnel);
    shown.addAll(observations);
    shown.add(scope);
    scope.close();
    observations.forEach(Observation::end);
  }

  private void fill(OtlpOptions otlp) {
    fillHeaders(otlp)
        .name("vendor")
        .metrics(shown::add)
        .tls(
            tls -> {
              tls.trustedCertificates(SECRET).clientCertificate(SECRET, SECRET);
              shown.add(tls);
            });
    shown.add(otlp);
  }

  private OtlpOptions fillHeaders(OtlpOptions otlp) {
    return otlp.header("x-api-key", SECRET).bearerToken(() -> SECRET);
  }

  private void fill(PrometheusOptions prometheus) {
    shown.add(prometheus.basicAuth("scraper", SECRET));
  }

  private static List<Class<?>> publicTypes() {
    return Stream.of(ProxyTelemetry.class, OtelProxyTelemetry.class, ProxyTelemetrySdk.class)
        .flatMap(type -> publicTypes(type).stream())
        .collect(Collectors.toList());
  }

  /** Those of the directory or jar that a type is from. */
  private static List<Class<?>> publicTypes(Class<?> one) {
    List<Class<?>> types = new ArrayList<>();
    for (String name : classNames(one)) {
      Class<?> type = load(name);
      if (isPublic(type) && EXPORTED.contains(type.getPackageName())) {
        types.add(type);
      }
    }
    assertThat(types).contains(one).hasSizeGreaterThan(7);
    return types;
  }

  private static List<String> classNames(Class<?> one) {
    try {
      Path source = Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(source)) {
        return classNames(source);
      }
      try (FileSystem jar =
          FileSystems.newFileSystem(URI.create("jar:" + source.toUri()), Map.of())) {
        return classNames(jar.getPath("/"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> classNames(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root.resolve("io"))) {
      return files
          .map(file -> root.relativize(file).toString())
          .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
          .map(name -> name.substring(0, name.length() - ".class".length()))
          .map(name -> name.replace('/', '.').replace('\\', '.'))
          .toList();
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, SecretsOfPublicTypesTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A type within one that is hidden is hidden as well. */
  private static boolean isPublic(Class<?> type) {
    Class<?> outer = type.getEnclosingClass();
    return Modifier.isPublic(type.getModifiers()) && (outer == null || isPublic(outer));
  }

  private static boolean isStatic(Field field) {
    return Modifier.isStatic(field.getModifiers());
  }
}
