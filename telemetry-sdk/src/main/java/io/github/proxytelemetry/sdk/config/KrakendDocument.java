package io.github.proxytelemetry.sdk.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * KrakenD's document in a map: its block {@code telemetry/opentelemetry}, as a block, as flat paths
 * or within the whole document, and what stands beside it. Not thread-safe.
 */
final class KrakendDocument {
  static final String NAMESPACE = "telemetry/opentelemetry";
  static final String SECURITY = NAMESPACE + "-security";
  private static final String WHOLE = "extra_config";
  private static final String NAME = "name";
  static final String[] NAMES = {
    "service_name",
    "service_version",
    "deploy_env",
    "exporters",
    "layers",
    "histograms",
    "skip_paths",
    "metric_reporting_period",
    "trace_sample_rate"
  };

  private final boolean isWhole;
  private final boolean isConfig;
  private final PathTree block = new PathTree();
  private final PathTree security = new PathTree();
  private final List<String> overrides = new ArrayList<>();
  private @Nullable ConfigValue name;

  KrakendDocument(Map<String, ?> map) {
    isWhole = map.containsKey(WHOLE);
    isConfig = map.containsKey(NAMESPACE);
  }

  /** Whether an entry of the map belongs to the document; it is read then. */
  boolean add(String key, @Nullable Object value) {
    if (key.equals(WHOLE)) {
      addConfig(key, value);
    } else if (key.equals(NAMESPACE) || key.equals(SECURITY)) {
      addBlock(key, value);
    } else if (List.of(NAMES).contains(key.split("[.\\[]", 2)[0])) {
      block.add(key, value);
    } else if (isWhole) {
      addBeside(key, value);
    } else {
      // Comments, and other components of the same "extra_config".
      return PathTree.isComment(key) || (isConfig && key.indexOf('/') >= 0);
    }
    return true;
  }

  /** The block, {@code null} where there is none. */
  @Nullable ConfigValue block() {
    return block.isEmpty() ? null : block.build().allowing(NAMES);
  }

  /** The block {@code telemetry/opentelemetry-security}, {@code null} where there is none. */
  @Nullable ConfigValue security() {
    return security.isEmpty()
        ? null
        : new ConfigValue(SECURITY, security.build().asMap()).allowing("otlp");
  }

  /** Name of the whole document, which is that of the service where it has none. */
  @Nullable ConfigValue name() {
    return name;
  }

  /** Paths of the blocks for single endpoints and backends. */
  List<String> overrides() {
    return overrides;
  }

  private void addConfig(String key, @Nullable Object value) {
    if (value instanceof Map<?, ?> config) {
      addBlock(NAMESPACE, config.get(NAMESPACE));
      addBlock(SECURITY, config.get(SECURITY));
    } else if (value != null) {
      throw new ConfigValue(key, value).invalid("a block of keys and values");
    }
  }

  private void addBlock(String key, @Nullable Object value) {
    if (value instanceof Map<?, ?> members) {
      PathTree tree = key.equals(SECURITY) ? security : block;
      members.forEach((member, nested) -> tree.add(String.valueOf(member), nested));
    } else if (value != null) {
      throw new ConfigValue(key, value).invalid("a block of keys and values");
    }
  }

  private void addBeside(String key, @Nullable Object value) {
    if (key.equals(NAME) && value instanceof String) {
      name = new ConfigValue(key, value);
    } else if (key.equals("endpoints")) {
      findOverrides(key, value);
    }
  }

  /** In {@code endpoints} and in the list {@code backend} of each. */
  private void findOverrides(String path, @Nullable Object list) {
    if (!(list instanceof List<?> items)) {
      return;
    }
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i) instanceof Map<?, ?> item) {
        String own = path + '[' + i + ']';
        if (item.get(WHOLE) instanceof Map<?, ?> config && config.containsKey(NAMESPACE)) {
          overrides.add(own);
        }
        findOverrides(own + ".backend", item.get("backend"));
      }
    }
  }
}
