package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each key of KrakenD's own schema, and each block of it, so that none is forgotten. */
class KrakendSchemaTest {
  static Stream<KrakendSchema.Key> keys() {
    return KrakendSchema.keys().stream();
  }

  @ParameterizedTest
  @MethodSource("keys")
  void startsWithTheKey(KrakendSchema.Key key) {
    start(KrakendSchema.document(key.path(), key.value()));
  }

  /** So the key is read, and not just left out. */
  @ParameterizedTest
  @MethodSource("keys")
  void refusesABlockInPlaceOfTheValue(KrakendSchema.Key key) {
    Map<String, Object> document = KrakendSchema.document(key.path(), Map.of("no", "value"));
    assertThatThrownBy(() -> start(document))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(key.path());
  }

  static Set<String> blocks() {
    Set<String> blocks = new TreeSet<>();
    keys().forEach(key -> blocks.add(key.block()));
    blocks.addAll(List.of("exporters", "layers", "layers.backend"));
    return blocks;
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void startsWithComments(String block) {
    for (String comment : List.of("@comment", "$note", "_off", "#todo")) {
      String path = block.isEmpty() ? comment : block + '.' + comment;
      start(KrakendSchema.document(path, Map.of("any", List.of("thing"))));
    }
  }

  @Test
  void listsEachKeyInTheReference() throws IOException {
    String page = Files.readString(Path.of("../docs/configuration.md"));
    assertThat(keys().map(key -> key.path().replaceAll("_attributes\\[0].*", "_attributes")))
        .hasSizeGreaterThan(48)
        .allSatisfy(path -> assertThat(page).contains("| `" + path.replace("[0]", "[]") + "` |"));
  }

  @Test
  void startsWithTheDocumentThatKrakendTestsItsSchemaWith() {
    ObjectNode document = (ObjectNode) KrakendSchema.schema("krakend-schema_test_v2.13.json");
    ArrayNode listeners =
        (ArrayNode)
            document
                .path("extra_config")
                .path("telemetry/opentelemetry")
                .path("exporters")
                .path("prometheus");
    listeners.forEach(listener -> ((ObjectNode) listener).put("port", 0));
    start(new ObjectMapper().convertValue(document, new TypeReference<Map<String, Object>>() {}));
  }

  private static void start(Map<String, ?> document) {
    try (ProxyTelemetrySdk telemetry = Configurations.map(document).build()) {
      assertThat(telemetry.isEnabled()).isTrue();
      telemetry.close(Duration.ZERO);
    }
  }
}
