package io.github.proxytelemetry.otel;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import java.util.Objects;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Puts {@code trace_id=… span_id=…} in front of what {@code java.util.logging} writes while an
 * exchange is {@linkplain io.github.proxytelemetry.ExchangeObservation#activate active}. Logback
 * and Log4j have libraries of OpenTelemetry for that; this one has none.
 *
 * <p>The ids stand in front because a stack trace may follow the message. The handler has to format
 * on the thread that logs, as those of the platform do. It can be named in {@code
 * logging.properties}, and is then round a {@link SimpleFormatter}. Thread-safe if the other one
 * is.
 */
public final class TraceFormatter extends Formatter {
  private final Formatter delegate;

  /** Formats as {@link SimpleFormatter} does. */
  public TraceFormatter() {
    this(new SimpleFormatter());
  }

  /**
   * Formats as another formatter does.
   *
   * @param delegate the other one
   */
  public TraceFormatter(Formatter delegate) {
    this.delegate = Objects.requireNonNull(delegate, "delegate");
  }

  @Override
  public String format(LogRecord line) {
    SpanContext current = Span.current().getSpanContext();
    String text = delegate.format(line);
    return current.isValid()
        ? "trace_id=" + current.getTraceId() + " span_id=" + current.getSpanId() + ' ' + text
        : text;
  }

  @Override
  public String getHead(@Nullable Handler handler) {
    return delegate.getHead(handler);
  }

  @Override
  public String getTail(@Nullable Handler handler) {
    return delegate.getTail(handler);
  }
}
