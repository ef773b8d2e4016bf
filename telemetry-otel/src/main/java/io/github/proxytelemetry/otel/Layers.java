package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.Instrument.Group;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.Objects;

/**
 * What is recorded on top of the plain metrics and of the server and client spans, in the layers of
 * KrakenD: {@code global} is all that the proxy sees of a request, {@code proxy} its own work on
 * it, {@code backend} each upstream attempt. A layer that is off has no instruments and no spans,
 * and costs nothing. Immutable.
 */
public final class Layers {
  private static final Layers NONE = builder().build();
  private static final Layers ALL =
      builder()
          .globalMetrics(true)
          .proxyMetrics(true)
          .proxyTraces(true)
          .backendMetrics(BackendLayer.all())
          .backendTraces(BackendLayer.all())
          .build();

  private final boolean globalMetrics;
  private final boolean globalTraces;
  private final boolean globalPropagation;
  private final boolean proxyMetrics;
  private final boolean proxyTraces;
  private final BackendLayer backendMetrics;
  private final BackendLayer backendTraces;
  private final Attributes metricAttributes;
  private final Attributes traceAttributes;

  /**
   * No layer: the plain metrics, one server span a request, one client span an attempt, and trace
   * headers in and out.
   *
   * @return the default
   */
  public static Layers none() {
    return NONE;
  }

  /**
   * Every layer with all that it has, as in KrakenD where nothing is said about layers.
   *
   * @return all layers
   */
  public static Layers all() {
    return ALL;
  }

  /**
   * Begins with {@link #none()}.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  private Layers(Builder builder) {
    this.globalMetrics = builder.globalMetrics;
    this.globalTraces = builder.globalTraces;
    this.globalPropagation = builder.globalPropagation;
    this.proxyMetrics = builder.proxyMetrics;
    this.proxyTraces = builder.proxyTraces;
    this.backendMetrics = builder.backendMetrics;
    this.backendTraces = builder.backendTraces;
    this.metricAttributes = builder.metricAttributes.build();
    this.traceAttributes = builder.traceAttributes.build();
  }

  boolean measures(Group group) {
    return switch (group) {
      case CONNECTION, REQUEST, LATENCY, TUNNEL -> false;
      case GLOBAL -> globalMetrics;
      case PROXY -> proxyMetrics;
      case BACKEND -> backendMetrics.stage();
      case ROUND_TRIP -> backendMetrics.roundTrip();
      case READ_PAYLOAD -> backendMetrics.readPayload();
      case DETAILED_CONNECTION -> backendMetrics.detailedConnection();
    };
  }

  Attributes metricAttributes(Group group) {
    return switch (group) {
      case CONNECTION, REQUEST, LATENCY, TUNNEL -> Attributes.empty();
      case GLOBAL, PROXY -> metricAttributes;
      case BACKEND, ROUND_TRIP, READ_PAYLOAD, DETAILED_CONNECTION -> backendMetrics.attributes();
    };
  }

  boolean globalTraces() {
    return globalTraces;
  }

  boolean globalPropagation() {
    return globalPropagation;
  }

  boolean proxyTraces() {
    return proxyTraces;
  }

  BackendLayer backendTraces() {
    return backendTraces;
  }

  Attributes traceAttributes() {
    return traceAttributes;
  }

  /** Switches single layers on and off. Not thread-safe. */
  public static final class Builder {
    private boolean globalMetrics;
    private boolean globalTraces = true;
    private boolean globalPropagation = true;
    private boolean proxyMetrics;
    private boolean proxyTraces;
    private BackendLayer backendMetrics = BackendLayer.none();
    private BackendLayer backendTraces = BackendLayer.none();
    private final AttributesBuilder metricAttributes = Attributes.builder();
    private final AttributesBuilder traceAttributes = Attributes.builder();

    private Builder() {}

    /**
     * Duration and sizes of requests as their clients see them.
     *
     * @param on whether they are measured; by default not
     * @return this
     */
    public Builder globalMetrics(boolean on) {
      this.globalMetrics = on;
      return this;
    }

    /**
     * The server span. Without it, the spans of other layers and of attempts begin where the
     * client's trace context says, or are traces of their own.
     *
     * @param on whether there is one; by default there is
     * @return this
     */
    public Builder globalTraces(boolean on) {
      this.globalTraces = on;
      return this;
    }

    /**
     * Trace headers. Without it they are neither read nor written, and go by as they are.
     *
     * @param on whether trace contexts are continued; by default they are
     * @return this
     */
    public Builder globalPropagation(boolean on) {
      this.globalPropagation = on;
      return this;
    }

    /**
     * Duration of the proxy's own work, its attempts included.
     *
     * @param on whether it is measured; by default not
     * @return this
     */
    public Builder proxyMetrics(boolean on) {
      this.proxyMetrics = on;
      return this;
    }

    /**
     * A span of the proxy's own work, between the server span and those of the attempts.
     *
     * @param on whether there is one; by default not
     * @return this
     */
    public Builder proxyTraces(boolean on) {
      this.proxyTraces = on;
      return this;
    }

    /**
     * What is measured of upstream attempts.
     *
     * @param layer what is measured; by default nothing
     * @return this
     */
    public Builder backendMetrics(BackendLayer layer) {
      this.backendMetrics = Objects.requireNonNull(layer, "layer");
      return this;
    }

    /**
     * What spans tell of upstream attempts, beyond the client span.
     *
     * @param layer what is told; by default nothing
     * @return this
     */
    public Builder backendTraces(BackendLayer layer) {
      this.backendTraces = Objects.requireNonNull(layer, "layer");
      return this;
    }

    /**
     * Adds an attribute to the metrics of the layers {@code global} and {@code proxy}.
     *
     * @param key its name, which is not blank, and none that is recorded anyway
     * @param value its value, which is not blank
     * @return this
     * @throws IllegalArgumentException if one of them is blank, or the key was added before
     */
    public Builder metricStaticAttribute(String key, String value) {
      StaticAttributes.add(metricAttributes, key, value);
      return this;
    }

    /**
     * Adds an attribute to the server span and to the span of the layer {@code proxy}.
     *
     * @param key its name, which is not blank
     * @param value its value, which is not blank
     * @return this
     * @throws IllegalArgumentException if one of them is blank, or the key was added before
     */
    public Builder traceStaticAttribute(String key, String value) {
      StaticAttributes.add(traceAttributes, key, value);
      return this;
    }

    /**
     * Ends the set-up.
     *
     * @return the layers
     */
    public Layers build() {
      return new Layers(this);
    }
  }
}
