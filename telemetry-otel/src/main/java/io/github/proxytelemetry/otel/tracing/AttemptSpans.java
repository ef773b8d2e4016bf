package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.otel.metrics.LayerSet;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.semconv.HttpAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Spans and attributes of the layer {@code backend} for one attempt: a span around the client span,
 * one for reading the body, and the durations of its parts in seconds. A part that did not happen
 * has no duration.
 */
public final class AttemptSpans {
  private static final String BACKEND_REQUEST = "backend-request";
  private static final String READ_TRACER = "read-tracer";
  private static final String FIRST_BYTE = "first-byte-time";
  private static final AttributeKey<Double> RESPONSE = AttributeKey.doubleKey("response-duration");
  private static final AttributeKey<Double> GET_CONNECTION =
      AttributeKey.doubleKey("get-conn-duration");
  private static final AttributeKey<Double> DNS = AttributeKey.doubleKey("dns-duration");
  private static final AttributeKey<Double> TLS = AttributeKey.doubleKey("tls-duration");
  private static final AttributeKey<Long> BODY_SIZE =
      AttributeKey.longKey("http.response.body.size");
  private static final double NANOS_PER_SECOND = 1e9;
  private static final long UNKNOWN = -1;

  private final Tracer tracer;
  private final LayerSet layers;
  private final StageNames names;
  private final @Nullable StageSpan stage;
  private final long startNanos;
  private final long offset;
  private final String clientMethod;
  private String method;
  private @Nullable String template;
  private @Nullable String endpoint;
  private long acquireNanos = UNKNOWN;
  private long responseNanos = UNKNOWN;
  private long dnsNanos = UNKNOWN;
  private long tlsNanos = UNKNOWN;
  private long readBytes;
  private boolean reused;

  static boolean isOn(LayerSet layers) {
    return layers.has(Group.BACKEND)
        || layers.has(Group.ROUND_TRIP)
        || layers.has(Group.READ_PAYLOAD)
        || layers.has(Group.DETAILED_CONNECTION);
  }

  static AttemptSpans start(
      Tracer tracer,
      LayerSet layers,
      StageNames names,
      Context parent,
      String method,
      long startNanos,
      long offset) {
    StageSpan stage =
        layers.has(Group.BACKEND)
            ? StageSpan.start(
                tracer,
                parent,
                StageSpan.BACKEND,
                layers.attributes(Group.BACKEND),
                offset,
                startNanos)
            : null;
    return new AttemptSpans(tracer, layers, names, stage, method, startNanos, offset);
  }

  private AttemptSpans(
      Tracer tracer,
      LayerSet layers,
      StageNames names,
      @Nullable StageSpan stage,
      String method,
      long startNanos,
      long offset) {
    this.tracer = tracer;
    this.layers = layers;
    this.names = names;
    this.stage = stage;
    this.clientMethod = method;
    this.method = method;
    this.startNanos = startNanos;
    this.offset = offset;
  }

  Context clientParent(Context parent) {
    return stage == null ? parent : stage.context();
  }

  /** The client span was started. */
  void started(Span client) {
    if (layers.has(Group.ROUND_TRIP)) {
      client.setAttribute(StageSpan.STAGE, BACKEND_REQUEST);
    }
    client.setAllAttributes(layers.attributes(Group.BACKEND));
  }

  void route(String template) {
    this.template = template;
  }

  /** The method of the request, where it is not the client's. */
  void method(String sent) {
    method = sent;
  }

  public void connectionAcquired(long now, boolean reused) {
    if (acquireNanos == UNKNOWN) {
      acquireNanos = Math.max(0, now - startNanos);
      this.reused = reused;
    }
  }

  /** A phase of a dialled connection ended; a chain of proxies has several TLS handshakes. */
  public void phaseEnded(ConnectionPhase phase, long nanos) {
    if (phase == ConnectionPhase.DNS_LOOKUP) {
      dnsNanos = nanos + Math.max(0, dnsNanos);
    } else if (phase == ConnectionPhase.TLS_HANDSHAKE) {
      tlsNanos = nanos + Math.max(0, tlsNanos);
    }
  }

  public void responseStarted(long now) {
    responseNanos = Math.max(0, now - startNanos);
  }

  public void responseBytes(long count) {
    readBytes += count;
  }

  /** The client span is about to end; {@code endpoint} is the route of the exchange. */
  void ending(
      Span client, Context context, long now, @Nullable String endpoint, @Nullable String error) {
    this.endpoint = endpoint;
    AttributesBuilder attributes = Attributes.builder();
    if (layers.has(Group.ROUND_TRIP)) {
      put(attributes, RESPONSE, responseNanos);
      describe(client);
    }
    if (layers.has(Group.DETAILED_CONNECTION)) {
      put(attributes, GET_CONNECTION, acquireNanos);
      if (!reused) {
        put(attributes, DNS, dnsNanos);
        put(attributes, TLS, tlsNanos);
      }
      if (responseNanos != UNKNOWN) {
        client.addEvent(FIRST_BYTE, Epoch.instant(offset + startNanos + responseNanos));
      }
    }
    client.setAllAttributes(attributes.build());
    if (layers.has(Group.READ_PAYLOAD) && responseNanos != UNKNOWN) {
      Span read =
          StageSpan.start(tracer, context, READ_TRACER, offset + startNanos + responseNanos);
      read.setAttribute(BODY_SIZE, readBytes);
      if (error != null) {
        read.setStatus(StatusCode.ERROR);
      }
      read.end(Epoch.instant(offset + now));
    }
  }

  /** The client span has ended. */
  void ended(long now, int status, boolean canceled, @Nullable String error) {
    if (stage != null) {
      stage.describe(names, method, route(), status);
      names.setEndpoint(stage.span(), endpoint, clientMethod);
      stage.end(now, !canceled && error == null, canceled, error, error != null);
    }
  }

  /** The conventions have no route on clients, so only KrakenD's names give it to one. */
  private void describe(Span client) {
    String route = route();
    if (names.areRoutes() && route != null) {
      client.setAttribute(HttpAttributes.HTTP_ROUTE, route);
    }
    names.setEndpoint(client, endpoint, clientMethod);
  }

  /** The upstream's route is the exchange's, unless the host gives another one. */
  private @Nullable String route() {
    return template == null ? endpoint : template;
  }

  private static void put(AttributesBuilder attributes, AttributeKey<Double> key, long nanos) {
    if (nanos != UNKNOWN) {
      attributes.put(key, nanos / NANOS_PER_SECOND);
    }
  }
}
