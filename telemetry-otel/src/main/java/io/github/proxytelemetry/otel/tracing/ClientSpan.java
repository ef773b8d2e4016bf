package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.metrics.LabelValues;
import io.github.proxytelemetry.otel.metrics.Methods;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.semconv.ErrorAttributes;
import io.opentelemetry.semconv.HttpAttributes;
import io.opentelemetry.semconv.NetworkAttributes;
import io.opentelemetry.semconv.ServerAttributes;
import io.opentelemetry.semconv.UrlAttributes;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Client span of an attempt. */
final class ClientSpan implements AttemptTrace {
  private final Context parent;
  private final Span span;
  private final long offset;
  private final @Nullable AttemptSpans layers;
  private final @Nullable Upstream upstream;
  private final byte method;

  /** Set at the end only: the SDK would count an attribute that is set again as a dropped one. */
  private byte protocol;

  static ClientSpan start(
      SpanBuilder builder,
      Context parent,
      @Nullable AttemptSpans layers,
      @Nullable Upstream upstream,
      boolean named,
      int method,
      int number,
      long offset,
      long startNanos) {
    builder
        .setSpanKind(SpanKind.CLIENT)
        .setStartTimestamp(offset + startNanos, TimeUnit.NANOSECONDS);
    if (upstream != null && named) {
      // An upstream without a name is a user's destination.
      builder.setAttribute(ServerAttributes.SERVER_ADDRESS, Text.cut(upstream.host()));
      builder.setAttribute(ServerAttributes.SERVER_PORT, Boxes.of(upstream.port()));
    }
    if (number > 1) {
      builder.setAttribute(HttpAttributes.HTTP_REQUEST_RESEND_COUNT, number - 1L);
    }
    Span span = builder.startSpan();
    if (layers != null) {
      layers.started(span);
    }
    return new ClientSpan(parent, span, offset, layers, upstream, method);
  }

  private ClientSpan(
      Context parent,
      Span span,
      long offset,
      @Nullable AttemptSpans layers,
      @Nullable Upstream upstream,
      int method) {
    this.method = (byte) method;
    this.layers = layers;
    this.upstream = upstream;
    this.parent = parent;
    this.span = span;
    this.offset = offset;
  }

  @Override
  public @Nullable AttemptSpans layers() {
    return layers;
  }

  @Override
  public Context context() {
    return parent.with(span);
  }

  /** Creates no context for the span, which only the host's own spans would need. */
  @Override
  public <C> void inject(Outbound outbound, C headers, HeaderAccess<C> access) {
    outbound.inject(span, parent, headers, access);
  }

  @Override
  public void route(String template) {
    if (layers != null) {
      layers.route(template);
    }
  }

  /** The request to the upstream may differ from the client's. */
  @Override
  public void requestStarted(RequestInfo request, Methods methods) {
    if (!span.isRecording()) {
      return;
    }
    int sent = methods.number(request.method());
    if (sent != method) {
      String name = methods.name(sent);
      span.updateName(Methods.spanName(name));
      span.setAttribute(HttpAttributes.HTTP_REQUEST_METHOD, name);
      if (layers != null) {
        layers.method(name);
      }
    }
    String url = UrlPath.full(upstream, request);
    if (url != null) {
      span.setAttribute(UrlAttributes.URL_FULL, url);
    }
    protocol(LabelValues.protocol(request.protocolVersion()));
  }

  @Override
  public void protocol(int version) {
    protocol = (byte) version;
  }

  @Override
  public void end(
      long endNanos,
      @Nullable String route,
      int status,
      int grpcStatus,
      boolean canceled,
      @Nullable ProxyError error) {
    // The conventions: on a client, every status from 400 on is an error.
    boolean badStatus = status >= 400 && status < 600;
    String errorType = error != null ? error.token() : badStatus ? Integer.toString(status) : null;
    if (layers != null) {
      layers.ending(span, context(), endNanos, route, error == null ? null : errorType);
    }
    if (span.isRecording()) {
      String version = LabelValues.protocolName(protocol);
      if (version != null) {
        span.setAttribute(NetworkAttributes.NETWORK_PROTOCOL_VERSION, version);
      }
      if (LabelValues.isStatus(status)) {
        span.setAttribute(HttpAttributes.HTTP_RESPONSE_STATUS_CODE, Boxes.of(status));
      }
      RpcStatus.set(span, grpcStatus);
      if (errorType != null) {
        span.setAttribute(ErrorAttributes.ERROR_TYPE, errorType);
        span.setStatus(StatusCode.ERROR);
      }
    }
    span.end(offset + endNanos, TimeUnit.NANOSECONDS);
    if (layers != null) {
      layers.ended(endNanos, status, canceled, errorType);
    }
  }
}
