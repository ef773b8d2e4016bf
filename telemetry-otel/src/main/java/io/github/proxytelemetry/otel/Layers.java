package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.otel.metrics.LayerSet;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Metrics and spans on top of the plain ones, in the layers of KrakenD: {@link Group#GLOBAL} is all
 * that the proxy sees of a request, {@link Group#PROXY} its own work on it, the others are parts of
 * KrakenD's layer {@code backend}: an upstream attempt as a whole ({@link Group#BACKEND}), its
 * request and response head ({@link Group#ROUND_TRIP}), its response body ({@link
 * Group#READ_PAYLOAD}), and its connection ({@link Group#DETAILED_CONNECTION}). A layer that is off
 * has no instruments and no spans, and costs nothing. Immutable.
 */
public final class Layers {
  private static final Set<Group> GROUPS = EnumSet.range(Group.GLOBAL, Group.DETAILED_CONNECTION);
  private static final Group[] EVERY = GROUPS.toArray(Group[]::new);
  private static final Layers NONE = builder().build();
  private static final Layers ALL = builder().metrics(EVERY).traces(EVERY).build();

  final LayerSet metrics;
  final LayerSet traces;
  final boolean propagation;

  /**
   * No layer: the plain metrics, one server span a request, one client span an attempt, and
   * propagation of trace contexts.
   *
   * @return the default
   */
  public static Layers none() {
    return NONE;
  }

  /**
   * Every layer, as in KrakenD where its configuration names none.
   *
   * @return all layers
   */
  public static Layers all() {
    return ALL;
  }

  /**
   * Starts with {@link #none()}.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  private Layers(Builder builder) {
    metrics = layerSet(builder.metrics, builder.metricAttributes);
    traces = layerSet(builder.traces, builder.traceAttributes);
    propagation = builder.propagation;
  }

  private static LayerSet layerSet(Set<Group> groups, Map<Group, AttributesBuilder> attributes) {
    Map<Group, Attributes> built = new EnumMap<>(Group.class);
    attributes.forEach((group, builder) -> built.put(group, builder.build()));
    return new LayerSet(EnumSet.copyOf(groups), built);
  }

  /** Builder of {@link Layers}. Not thread-safe. */
  public static final class Builder {
    private final Set<Group> metrics = EnumSet.noneOf(Group.class);
    private final Set<Group> traces = EnumSet.of(Group.GLOBAL);
    private final Map<Group, AttributesBuilder> metricAttributes = new EnumMap<>(Group.class);
    private final Map<Group, AttributesBuilder> traceAttributes = new EnumMap<>(Group.class);
    private boolean propagation = true;

    private Builder() {}

    /**
     * Adds the metrics of layers.
     *
     * @param layers any but the groups that are on by default
     * @return this
     * @throws IllegalArgumentException if one is on by default
     */
    public Builder metrics(Group... layers) {
      add(metrics, layers);
      return this;
    }

    /**
     * Adds the spans of layers. {@link Group#GLOBAL} is the server span, which is on from the
     * start.
     *
     * @param layers as in {@link #metrics}
     * @return this
     * @throws IllegalArgumentException as in {@link #metrics}
     */
    public Builder traces(Group... layers) {
      add(traces, layers);
      return this;
    }

    /**
     * Removes the server span. The spans of other layers and of attempts are then children of the
     * client's span, or roots of traces of their own.
     *
     * @return this
     */
    public Builder withoutServerSpan() {
      traces.remove(Group.GLOBAL);
      return this;
    }

    /**
     * Switches propagation off: trace headers are neither read nor written, and pass through.
     *
     * @return this
     */
    public Builder withoutPropagation() {
      propagation = false;
      return this;
    }

    /**
     * Adds a static attribute to the metrics of layers.
     *
     * @param key its name, not blank, and none that is recorded anyway
     * @param value its value, not blank
     * @param layers the layers that get it
     * @return this
     * @throws IllegalArgumentException if key or value are blank, or a layer has the key already
     */
    public Builder metricAttribute(String key, String value, Group... layers) {
      put(metricAttributes, key, value, layers);
      return this;
    }

    /**
     * Adds a static attribute to the spans of layers.
     *
     * @param key its name, not blank
     * @param value its value, not blank
     * @param layers the layers that get it; those of an attempt share one span, and one set
     * @return this
     * @throws IllegalArgumentException if key or value are blank, or a layer has the key already
     */
    public Builder traceAttribute(String key, String value, Group... layers) {
      put(traceAttributes, key, value, layers);
      return this;
    }

    /**
     * Builds the layers.
     *
     * @return the layers
     */
    public Layers build() {
      return new Layers(this);
    }

    private static void add(Set<Group> set, Group... layers) {
      for (Group layer : Objects.requireNonNull(layers, "layers")) {
        set.add(checked(layer));
      }
    }

    private static void put(
        Map<Group, AttributesBuilder> attributes, String key, String value, Group... layers) {
      if (Objects.requireNonNull(key, "key").isBlank()
          || Objects.requireNonNull(value, "value").isBlank()) {
        throw new IllegalArgumentException(
            "static attribute: invalid value \""
                + key
                + "="
                + value
                + "\"; expected a key and a"
                + " value that are not blank");
      }
      for (Group layer : layers) {
        AttributesBuilder builder =
            attributes.computeIfAbsent(checked(layer), any -> Attributes.builder());
        if (builder.build().get(AttributeKey.stringKey(key)) != null) {
          throw new IllegalArgumentException(
              "static attribute: invalid value \"" + key + "\" twice; expected keys that differ");
        }
        builder.put(key, value);
      }
    }

    private static Group checked(Group layer) {
      if (!GROUPS.contains(Objects.requireNonNull(layer, "layer"))) {
        throw new IllegalArgumentException(
            "layer: invalid value " + layer + "; expected one of " + GROUPS);
      }
      return layer;
    }
  }
}
