package io.github.proxytelemetry.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Files of this folder in YAML. */
final class Yaml {
  /** The only document of a file. */
  static JsonNode of(String first, String... more) throws IOException {
    List<JsonNode> documents = documents(first, more);
    if (documents.size() != 1) {
      throw new AssertionError(documents.size() + " documents in " + Path.of(first, more));
    }
    return documents.get(0);
  }

  static List<JsonNode> documents(String first, String... more) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    Load load = new Load(LoadSettings.builder().build());
    List<JsonNode> documents = new ArrayList<>();
    for (Object document : load.loadAllFromString(Files.readString(Path.of(first, more)))) {
      documents.add(mapper.valueToTree(document));
    }
    return documents;
  }

  private Yaml() {}
}
