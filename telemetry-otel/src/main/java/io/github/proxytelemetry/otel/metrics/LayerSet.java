package io.github.proxytelemetry.otel.metrics;

import io.github.proxytelemetry.Instrument.Group;
import io.opentelemetry.api.common.Attributes;
import java.util.Map;
import java.util.Set;

/** Layers of one signal that are on, with the static attributes of each. */
public record LayerSet(Set<Group> groups, Map<Group, Attributes> attributes) {
  public boolean has(Group layer) {
    return groups.contains(layer);
  }

  public Attributes attributes(Group layer) {
    return attributes.getOrDefault(layer, Attributes.empty());
  }
}
