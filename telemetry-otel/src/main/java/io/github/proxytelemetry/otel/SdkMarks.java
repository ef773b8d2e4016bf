package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.otel.sdk.TelemetrySdk;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import java.util.function.Supplier;

/** For the SDK that we set up. */
final class SdkMarks implements Marks {
  private final Supplier<String> traceIds;

  SdkMarks(Supplier<String> traceIds) {
    this.traceIds = traceIds;
  }

  @Override
  public String newTraceId() {
    return traceIds.get();
  }

  @Override
  public Context recorded(Context parent) {
    return TelemetrySdk.recorded(parent);
  }

  @Override
  public Context told(Context context, SpanContext ids) {
    return TelemetrySdk.withIds(context, ids);
  }
}
