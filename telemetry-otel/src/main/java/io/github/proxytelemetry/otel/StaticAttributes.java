package io.github.proxytelemetry.otel;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.Objects;

/** Attributes from the host's configuration, which are the same in all that a layer records. */
final class StaticAttributes {
  private StaticAttributes() {}

  static void add(AttributesBuilder attributes, String key, String value) {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "value");
    if (key.isBlank() || value.isBlank()) {
      throw new IllegalArgumentException(
          "static attribute: was \""
              + key
              + "\" = \""
              + value
              + "\", allowed is what is not blank");
    }
    if (attributes.build().get(AttributeKey.stringKey(key)) != null) {
      throw new IllegalArgumentException(
          "static attribute: was \"" + key + "\" twice, allowed are names that differ");
    }
    attributes.put(key, value);
  }
}
