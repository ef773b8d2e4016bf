package io.github.proxytelemetry.otel;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;

/**
 * What is recorded of each upstream attempt: one of KrakenD's two sets of switches of its layer
 * {@code backend}, for metrics or for traces. Immutable.
 */
public final class BackendLayer {
  private static final BackendLayer NONE = builder().build();
  private static final BackendLayer ALL =
      builder().stage(true).roundTrip(true).readPayload(true).detailedConnection(true).build();

  private final boolean stage;
  private final boolean roundTrip;
  private final boolean readPayload;
  private final boolean detailedConnection;
  private final Attributes attributes;

  /**
   * Nothing.
   *
   * @return the layer, switched off
   */
  public static BackendLayer none() {
    return NONE;
  }

  /**
   * Everything.
   *
   * @return the layer, with all that it has switched on
   */
  public static BackendLayer all() {
    return ALL;
  }

  /**
   * Begins with nothing.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  private BackendLayer(Builder builder) {
    this.stage = builder.stage;
    this.roundTrip = builder.roundTrip;
    this.readPayload = builder.readPayload;
    this.detailedConnection = builder.detailedConnection;
    this.attributes = builder.attributes.build();
  }

  boolean stage() {
    return stage;
  }

  boolean roundTrip() {
    return roundTrip;
  }

  boolean readPayload() {
    return readPayload;
  }

  boolean detailedConnection() {
    return detailedConnection;
  }

  Attributes attributes() {
    return attributes;
  }

  boolean isOn() {
    return stage || roundTrip || readPayload || detailedConnection;
  }

  /** Switches single parts on. Not thread-safe. */
  public static final class Builder {
    private boolean stage;
    private boolean roundTrip;
    private boolean readPayload;
    private boolean detailedConnection;
    private final AttributesBuilder attributes = Attributes.builder();

    private Builder() {}

    /**
     * The attempt as a whole, from its start to its end. KrakenD switches it off with {@code
     * disable_stage}.
     *
     * @param on whether it is recorded
     * @return this
     */
    public Builder stage(boolean on) {
      this.stage = on;
      return this;
    }

    /**
     * The request and the head of its response: KrakenD's {@code round_trip}.
     *
     * @param on whether it is recorded
     * @return this
     */
    public Builder roundTrip(boolean on) {
      this.roundTrip = on;
      return this;
    }

    /**
     * Reading the response's body: KrakenD's {@code read_payload}.
     *
     * @param on whether it is recorded
     * @return this
     */
    public Builder readPayload(boolean on) {
      this.readPayload = on;
      return this;
    }

    /**
     * Getting a connection: KrakenD's {@code detailed_connection}.
     *
     * @param on whether it is recorded
     * @return this
     */
    public Builder detailedConnection(boolean on) {
      this.detailedConnection = on;
      return this;
    }

    /**
     * Adds an attribute to everything that is recorded: KrakenD's {@code static_attributes}.
     *
     * @param key its name, which is not blank, and none that is recorded anyway
     * @param value its value, which is not blank
     * @return this
     * @throws IllegalArgumentException if one of them is blank, or the key was added before
     */
    public Builder staticAttribute(String key, String value) {
      StaticAttributes.add(attributes, key, value);
      return this;
    }

    /**
     * Ends the set-up.
     *
     * @return the layer
     */
    public BackendLayer build() {
      return new BackendLayer(this);
    }
  }
}
