package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.metrics.LayerSet;
import io.github.proxytelemetry.otel.metrics.Methods;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Rules of tracing, from the host's options.
 *
 * @param inbound the use of an inbound trace context
 * @param injects whether upstreams get a trace context
 * @param strict whether the trace headers of others are removed from every message
 * @param propagateTo the upstreams that get one, {@code null} for all
 * @param propagates whether trace headers are read and written at all
 * @param methods the methods that spans name
 * @param stages the names of the layers' spans
 */
public record TraceRules(
    Use inbound,
    boolean injects,
    boolean strict,
    @Nullable Predicate<Upstream> propagateTo,
    boolean propagates,
    CaptureRules capture,
    LayerSet layers,
    Methods methods,
    StageNames stages) {
  /** Use of an inbound trace context. */
  public enum Use {
    /** It is the parent. */
    PARENT,
    /** It is linked from a new trace. */
    LINK,
    /** It is not read. */
    NONE
  }
}
