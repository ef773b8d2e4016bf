package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.otel.tracing.SpanHints;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SdkTracerProviderBuilder;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hook of the host's, in a bench and with headers where nothing else throws. */
enum ThrowingHook {
  SAMPLING_RULES,
  SAMPLING,
  SAMPLING_OF_A_SAMPLED_TRACE,
  WHETHER_SAMPLING_IS_AT_END,
  SAMPLING_AT_END,
  PROPAGATION,
  PROPAGATOR_THAT_EXTRACTS,
  PROPAGATOR_THAT_INJECTS,
  GAUGE,
  READING_HEADERS,
  WRITING_HEADERS,
  REMOVING_HEADERS,
  HEADER_OF_REQUEST,
  HEADERS_OF_REQUEST,
  METHOD_OF_REQUEST,
  PATH_OF_REQUEST,
  SCHEME_OF_REQUEST,
  VERSION_OF_REQUEST,
  SAMPLER,
  ID_GENERATOR,
  START_OF_SPAN_PROCESSOR,
  END_OF_SPAN_PROCESSOR;

  private static final String SAMPLED = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  /** Whether it is an option of the builder's, whose failures are counted apart. */
  boolean isCallback() {
    return compareTo(GAUGE) <= 0;
  }

  Bench bench(Sneaky sneaky) {
    Bench bench =
        new Bench(
            name().contains("SAMPLING") ? new HostSampling(this, sneaky) : Sampling.always(),
            tracers(sneaky),
            SpanHints.NONE,
            MetricNaming.PRIVACY_PROXY,
            name().contains("PROPAGATOR")
                ? new HostPropagator(this, sneaky)
                : W3CTraceContextPropagator.getInstance(),
            options -> {
              options.layers(Layers.all());
              if (this == REMOVING_HEADERS) {
                options.privacy(Privacy.STRICT);
              } else {
                options.capture(Capture.builder().requestHeaders("a").responseHeaders("a").build());
              }
              if (this == PROPAGATION) {
                options.propagateTo(upstream -> sneaky.call());
              }
            });
    if (this == GAUGE) {
      bench.telemetry.gauge("of_host", "1", sneaky::call);
    }
    return bench;
  }

  private SdkTracerProviderBuilder tracers(Sneaky sneaky) {
    SdkTracerProviderBuilder tracers =
        SdkTracerProvider.builder().addSpanProcessor(new HostProcessor(this, sneaky));
    if (this == SAMPLER) {
      tracers.setSampler(new HostSampler(sneaky));
    }
    return this == ID_GENERATOR ? tracers.setIdGenerator(new HostIds(sneaky)) : tracers;
  }

  RequestInfo request(Sneaky sneaky) {
    Headers headers = new Headers();
    if (this == SAMPLING_OF_A_SAMPLED_TRACE || this == PROPAGATOR_THAT_EXTRACTS) {
      headers.with("traceparent", SAMPLED);
    }
    return new HostRequest(this, sneaky, headers);
  }

  HeaderAccess<Headers> access(Sneaky sneaky) {
    return new HostHeaders(this, sneaky);
  }

  private record HostSampling(ThrowingHook hook, Sneaky sneaky) implements Sampling {
    @Override
    public Sampling forRequest(RequestInfo request) {
      return hook == SAMPLING_RULES ? sneaky.call() : this;
    }

    @Override
    public boolean sample(RequestInfo request, long random) {
      return hook == SAMPLING && sneaky.<Boolean>call();
    }

    @Override
    public boolean follow() {
      return hook == SAMPLING_OF_A_SAMPLED_TRACE && sneaky.<Boolean>call();
    }

    @Override
    public boolean decidesAtEnd() {
      return hook == WHETHER_SAMPLING_IS_AT_END ? sneaky.<Boolean>call() : hook == SAMPLING_AT_END;
    }

    @Override
    public boolean sampleAtEnd(boolean failed, long durationNanos) {
      return sneaky.<Boolean>call();
    }
  }

  private record HostRequest(ThrowingHook hook, Sneaky sneaky, Headers headers)
      implements RequestInfo {
    @Override
    public String method() {
      return hook == METHOD_OF_REQUEST ? sneaky.call() : "GET";
    }

    @Override
    public String path() {
      return hook == PATH_OF_REQUEST ? sneaky.call() : "/";
    }

    @Override
    public String scheme() {
      return hook == SCHEME_OF_REQUEST ? sneaky.call() : "https";
    }

    @Override
    public String protocolVersion() {
      return hook == VERSION_OF_REQUEST ? sneaky.call() : "1.1";
    }

    @Override
    public @Nullable String header(String name) {
      return hook == HEADER_OF_REQUEST ? sneaky.call() : Headers.ACCESS.get(headers, name);
    }

    @Override
    public List<String> headers(String name) {
      return hook == HEADERS_OF_REQUEST ? sneaky.call() : headers.all(name);
    }
  }

  private record HostHeaders(ThrowingHook hook, Sneaky sneaky) implements HeaderAccess<Headers> {
    @Override
    public @Nullable String get(Headers headers, String name) {
      return hook == READING_HEADERS ? sneaky.call() : Headers.ACCESS.get(headers, name);
    }

    @Override
    public void set(Headers headers, String name, String value) {
      failWhen(WRITING_HEADERS);
      Headers.ACCESS.set(headers, name, value);
    }

    @Override
    public void add(Headers headers, String name, String value) {
      failWhen(WRITING_HEADERS);
      Headers.ACCESS.add(headers, name, value);
    }

    @Override
    public void remove(Headers headers, String name) {
      failWhen(REMOVING_HEADERS);
      Headers.ACCESS.remove(headers, name);
    }

    private void failWhen(ThrowingHook what) {
      if (hook == what) {
        sneaky.call();
      }
    }
  }

  /** Not W3C's, so that every request is given to it. */
  private record HostPropagator(ThrowingHook hook, Sneaky sneaky) implements TextMapPropagator {
    @Override
    public List<String> fields() {
      // With another field than W3C's, or what it writes would be written without it.
      return List.of("traceparent", "of-host");
    }

    @Override
    public <C> void inject(Context context, @Nullable C carrier, TextMapSetter<C> setter) {
      if (hook == PROPAGATOR_THAT_INJECTS) {
        sneaky.call();
      }
    }

    @Override
    public <C> Context extract(Context context, @Nullable C carrier, TextMapGetter<C> getter) {
      return hook == PROPAGATOR_THAT_EXTRACTS ? sneaky.call() : context;
    }
  }

  private record HostSampler(Sneaky sneaky) implements Sampler {
    @Override
    public SamplingResult shouldSample(
        Context parent,
        String traceId,
        String name,
        SpanKind kind,
        Attributes attributes,
        List<LinkData> links) {
      return sneaky.call();
    }

    @Override
    public String getDescription() {
      return "of the host";
    }
  }

  private record HostIds(Sneaky sneaky) implements IdGenerator {
    @Override
    public String generateSpanId() {
      return sneaky.call();
    }

    @Override
    public String generateTraceId() {
      return sneaky.call();
    }
  }

  private record HostProcessor(ThrowingHook hook, Sneaky sneaky) implements SpanProcessor {
    @Override
    public void onStart(Context parent, ReadWriteSpan span) {
      if (hook == START_OF_SPAN_PROCESSOR) {
        sneaky.call();
      }
    }

    @Override
    public boolean isStartRequired() {
      return true;
    }

    @Override
    public void onEnd(ReadableSpan span) {
      if (hook == END_OF_SPAN_PROCESSOR) {
        sneaky.call();
      }
    }

    @Override
    public boolean isEndRequired() {
      return true;
    }
  }
}
