package io.github.proxytelemetry.sdk;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** KrakenD's own schema of its block {@code telemetry/opentelemetry}, version 2.13. */
final class KrakendSchema {
  /**
   * A key by its path with {@code [0]} for lists, a value that is valid, and the block it is in.
   */
  record Key(String path, Object value, String block) {}

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<List<Object>> LIST = new TypeReference<>() {};

  private final List<Key> keys = new ArrayList<>();

  static List<Key> keys() {
    KrakendSchema schema = new KrakendSchema();
    schema.walk("", schema("schema-2.13.json"));
    return schema.keys;
  }

  static JsonNode schema(String name) {
    try {
      return JSON.readTree(Configurations.resource("krakend/" + name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void walk(String block, JsonNode schema) {
    schema
        .path("properties")
        .properties()
        .forEach(
            property -> {
              String path = block.isEmpty() ? property.getKey() : block + '.' + property.getKey();
              JsonNode type = property.getValue();
              if (type.has("properties")) {
                walk(path, type);
              } else if (type.path("items").has("properties")) {
                walk(path + "[0]", type.get("items"));
              } else {
                values(path, type).forEach(value -> keys.add(new Key(path, value, block)));
              }
            });
  }

  private static List<Object> values(String path, JsonNode type) {
    if (type.has("enum")) {
      return JSON.convertValue(type.get("enum"), LIST);
    }
    return switch (type.path("type").asText()) {
      case "boolean" -> List.of(true, false);
      case "integer", "number" -> List.of(0, 1);
      case "array" -> List.of(list(type));
      case "string" -> List.of(path.endsWith("listen_ip") ? "127.0.0.1" : "any");
      default -> throw new AssertionError(path + ": " + type);
    };
  }

  private static List<Object> list(JsonNode type) {
    return type.has("default")
        ? JSON.convertValue(type.get("default"), LIST)
        : List.of(type.path("examples").path(0).path(0).asText());
  }

  /** A document with one key, and what the schema requires besides. */
  static Map<String, Object> document(String path, Object value) {
    Map<String, Object> map = new TreeMap<>();
    map.put("exporters.otlp[0].name", "collector");
    map.put("exporters.otlp[0].host", "127.0.0.1");
    map.put("exporters.prometheus[0].name", "scraped");
    map.put("exporters.prometheus[0].port", 0);
    map.put(path, value);
    // An attribute needs both.
    if (path.endsWith("[0].key")) {
      map.put(path.replace("[0].key", "[0].value"), "any");
    } else if (path.endsWith("attributes[0].value")) {
      map.put(path.replace("[0].value", "[0].key"), "any");
    }
    return map;
  }
}
