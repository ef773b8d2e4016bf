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
 * Formatter of {@code java.util.logging} that puts {@code trace_id=… span_id=…} before a line that
 * is logged while an exchange is {@linkplain io.github.proxytelemetry.ExchangeObservation#activate
 * active}. Logback and Log4j have libraries of OpenTelemetry for that.
 *
 * <p>The ids come first because a stack trace may follow the message. The handler has to format on
 * the thread that logs, as those of the platform do. The class can be named in {@code
 * logging.properties}, and then wraps a {@link SimpleFormatter}. Thread-safe if the wrapped one is.
 */
public final class TraceFormatter extends Formatter {
  private final Formatter delegate;

  /** Wraps a {@link SimpleFormatter}. */
  public TraceFormatter() {
    this(new SimpleFormatter());
  }

  /**
   * Wraps a formatter.
   *
   * @param delegate the formatter of the rest of the line
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
