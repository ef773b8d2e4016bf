package io.github.proxytelemetry.sdk.config;

import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.SamplingRules;
import io.github.proxytelemetry.otel.Capture;
import io.github.proxytelemetry.otel.Layers;
import io.github.proxytelemetry.otel.OtelProxyTelemetryBuilder;
import io.github.proxytelemetry.otel.Privacy;
import io.github.proxytelemetry.otel.Trust;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reader of the variables for what is recorded and how it is named: {@code PROXY_TELEMETRY_NAMING}
 * and so on, one for each option of {@link OtelProxyTelemetryBuilder}.
 */
final class RecordingVariables {
  private static final Map<String, MetricNaming> NAMINGS =
      ordered(
          "privacy_proxy", MetricNaming.PRIVACY_PROXY,
          "krakend", MetricNaming.KRAKEND,
          "krakend_otel", MetricNaming.KRAKEND_OTEL,
          "semconv", MetricNaming.SEMCONV);

  private static final double MAX_RATE = 1e6;

  private final EffectiveConfig config;

  RecordingVariables(EffectiveConfig config) {
    this.config = config;
  }

  /** The naming that is asked for by name, {@code null} if none is. */
  @Nullable MetricNaming naming() {
    ConfigValue name = config.telemetry("NAMING");
    ConfigValue prefix = config.telemetry("METRIC_PREFIX");
    if (name == null) {
      return prefix == null ? null : apply(prefix, MetricNaming::privacyProxy);
    }
    MetricNaming naming = NAMINGS.get(name.word());
    if (naming == null) {
      throw name.invalid(String.join(", ", NAMINGS.keySet()));
    }
    if (prefix == null) {
      return naming;
    }
    if (naming != MetricNaming.PRIVACY_PROXY) {
      throw name.invalid("privacy_proxy with " + prefix.key());
    }
    return apply(prefix, MetricNaming::privacyProxy);
  }

  /** All but the naming and the sampling. */
  Consumer<OtelProxyTelemetryBuilder> recording() {
    List<Consumer<OtelProxyTelemetryBuilder>> options = new ArrayList<>();
    read(
        "PROXY_STATUS",
        ConfigValue::flag,
        options,
        (builder, on) -> builder.metrics(metrics -> metrics.proxyStatus(on)));
    ConfigValue own = config.telemetry("KNOWN_METHODS");
    ConfigValue methods = own == null ? config.get("OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS") : own;
    if (methods != null && !methods.list().isEmpty()) {
      String[] names = methods.list().toArray(String[]::new);
      options.add(
          builder ->
              apply(methods, any -> builder.metrics(metrics -> metrics.knownMethods(names))));
    }
    read("LAYERS", RecordingVariables::layers, options, OtelProxyTelemetryBuilder::layers);
    read("SKIP_PATHS", RecordingVariables::paths, options, OtelProxyTelemetryBuilder::skipPaths);
    read(
        "PRIVACY",
        value -> choice(value, Privacy.values()),
        options,
        OtelProxyTelemetryBuilder::privacy);
    read(
        "TRUST", value -> choice(value, Trust.values()), options, OtelProxyTelemetryBuilder::trust);
    ConfigValue serverTiming = config.telemetry("SERVER_TIMING");
    if (serverTiming != null && !serverTiming.flag()) {
      options.add(OtelProxyTelemetryBuilder::withoutServerTiming);
    }
    read("ACCESS_LOG", ConfigValue::ratio, options, OtelProxyTelemetryBuilder::accessLog);
    Capture capture = capture();
    if (capture != null) {
      options.add(builder -> builder.capture(capture));
    }
    return builder -> options.forEach(option -> option.accept(builder));
  }

  /** A strategy with the rules, if there are any. */
  Sampling sampling(Sampling otherwise) {
    Sampling sampling = otherwise;
    ConfigValue rules = config.telemetry("SAMPLING_RULES");
    if (rules != null) {
      sampling = rules(rules).otherwise(sampling);
    }
    ConfigValue slow = config.telemetry("SAMPLING_KEEP_SLOWER_THAN");
    if (slow != null) {
      Duration threshold = slow.millis();
      Sampling atStart = sampling;
      sampling = apply(slow, any -> atStart.keepErrorsAndSlow(threshold));
    }
    ConfigValue cap = config.telemetry("SAMPLING_MAX_PER_SECOND");
    return cap == null ? sampling : sampling.capped(cap.decimal(0, MAX_RATE));
  }

  private static SamplingRules rules(ConfigValue list) {
    SamplingRules rules = Sampling.rules();
    for (String rule : list.list()) {
      int equals = rule.lastIndexOf('=');
      String[] request = rule.substring(0, Math.max(0, equals)).strip().split("\\s+", 2);
      String path = request[request.length - 1];
      if (equals < 0 || !path.startsWith("/")) {
        throw list.invalid("rules such as GET /health=0 or /orders/{id}=1.0, separated by commas");
      }
      Sampling ratio =
          Sampling.ratio(new ConfigValue(list.key(), rule.substring(equals + 1)).ratio());
      apply(
          list,
          any ->
              request.length == 1 ? rules.when(path, ratio) : rules.when(request[0], path, ratio));
    }
    return rules;
  }

  private @Nullable Capture capture() {
    Capture.Builder capture = Capture.builder();
    boolean given = names("CAPTURE_REQUEST_HEADERS", capture::requestHeaders);
    given |= names("CAPTURE_RESPONSE_HEADERS", capture::responseHeaders);
    given |= names("CAPTURE_DESTINATIONS", capture::destinations);
    given |= flag("CAPTURE_QUERY", capture::query);
    given |= flag("CAPTURE_CLIENT_ADDRESS", capture::clientAddress);
    return given ? capture.build() : null;
  }

  private boolean names(String name, Function<String[], Capture.Builder> option) {
    ConfigValue value = config.telemetry(name);
    if (value == null) {
      return false;
    }
    apply(value, list -> option.apply(value.list().toArray(String[]::new)));
    return true;
  }

  private boolean flag(String name, Runnable option) {
    ConfigValue value = config.telemetry(name);
    if (value == null || !value.flag()) {
      return false;
    }
    option.run();
    return true;
  }

  private static Layers layers(ConfigValue list) {
    List<Group> groups = new ArrayList<>();
    for (String word : list.words()) {
      switch (word) {
        case "all" -> {
          return Layers.all();
        }
        case "none" -> {
          return Layers.none();
        }
        default -> groups.add(group(list, word));
      }
    }
    Group[] layers = groups.toArray(Group[]::new);
    return Layers.builder().metrics(layers).traces(layers).build();
  }

  private static Group group(ConfigValue list, String word) {
    for (Group group : Group.values()) {
      if (!group.isDefault() && group.name().toLowerCase(Locale.ROOT).equals(word)) {
        return group;
      }
    }
    throw list.invalid(
        "global, proxy, backend, round_trip, read_payload, detailed_connection, or all or none");
  }

  private static String[] paths(ConfigValue list) {
    return list.list().stream()
        .map(path -> new ConfigValue(list.key(), path).template())
        .toArray(String[]::new);
  }

  private static <E extends Enum<E>> E choice(ConfigValue value, E[] values) {
    List<String> names = new ArrayList<>();
    for (E each : values) {
      String name = each.name().toLowerCase(Locale.ROOT);
      if (name.equals(value.word())) {
        return each;
      }
      names.add(name);
    }
    throw value.invalid(String.join(", ", names));
  }

  private <T> void read(
      String name,
      Function<ConfigValue, T> reader,
      List<Consumer<OtelProxyTelemetryBuilder>> options,
      Option<T> option) {
    ConfigValue value = config.telemetry(name);
    if (value != null) {
      T read = reader.apply(value);
      options.add(builder -> option.set(builder, read));
    }
  }

  private interface Option<T> {
    OtelProxyTelemetryBuilder set(OtelProxyTelemetryBuilder builder, T value);
  }

  /** Names the key in the message of an option. */
  private static <T> T apply(ConfigValue value, Function<String, T> option) {
    try {
      return option.apply(value.text());
    } catch (IllegalArgumentException e) {
      throw value.problem(String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, MetricNaming> ordered(Object... pairs) {
    Map<String, MetricNaming> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], (MetricNaming) pairs[i + 1]);
    }
    return map;
  }
}
