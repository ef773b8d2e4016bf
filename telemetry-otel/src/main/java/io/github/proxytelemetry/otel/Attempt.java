package io.github.proxytelemetry.otel;

import static io.github.proxytelemetry.Instrument.ATTEMPTS_TOTAL;
import static io.github.proxytelemetry.Instrument.BYTES_RECEIVED_TOTAL;
import static io.github.proxytelemetry.Instrument.BYTES_SENT_TOTAL;
import static io.github.proxytelemetry.Instrument.FIRST_BYTE_LATENCY_SECONDS;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Scope;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.opentelemetry.context.Context;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One try at an upstream, within an exchange or on its own. */
final class Attempt implements AttemptObservation {
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final int FIRST_ERROR_STATUS = 400;

  private final Recorder recorder;
  private final @Nullable Exchange exchange;
  private final Upstream upstream;
  private final @Nullable AttemptTrace span;
  private final @Nullable AttemptLayers layers;
  private final int number;
  private final AtomicBoolean ended = new AtomicBoolean();

  /** Belongs to the exchange. */
  Attempts.Progress progress = Attempts.Progress.IDLE;

  private boolean active;
  private boolean sending;
  private boolean answered;
  private int status;
  private long requestNanos;

  Attempt(
      Recorder recorder,
      @Nullable Exchange exchange,
      Upstream upstream,
      @Nullable AttemptTrace span,
      @Nullable AttemptLayers layers,
      int number) {
    this.layers = layers;
    this.recorder = recorder;
    this.exchange = exchange;
    this.upstream = upstream;
    this.span = span;
    this.number = number;
  }

  @Override
  public ConnectionObservation startConnection() {
    activity();
    AttemptSpans spans = spans();
    return layers == null && spans == null
        ? new Connection(recorder, Side.UPSTREAM)
        : new AttemptConnection(recorder, layers, spans);
  }

  @Override
  public void connectionAcquired(boolean reused) {
    activity();
    AttemptSpans spans = spans();
    if ((layers == null && spans == null) || ended.get()) {
      return;
    }
    long now = recorder.now();
    if (layers != null) {
      layers.connectionAcquired(now);
    }
    if (spans != null) {
      spans.connectionAcquired(now, reused);
    }
  }

  @Override
  public void route(String template) {
    if (layers != null) {
      layers.route(template);
    }
  }

  @Override
  public Scope activate() {
    Context context = context();
    return context == null ? Exchange.NO_SCOPE : ExchangeTrace.activate(context);
  }

  @Override
  public <C> void inject(C headers, HeaderAccess<C> access) {
    Outbound outbound = recorder.tracing.outbound;
    outbound.strip(headers, access);
    Context context = outbound.reaches(upstream) ? context() : null;
    if (context != null) {
      outbound.inject(context, headers, access);
    }
  }

  @Override
  public void requestStarted(RequestInfo request) {
    if (sending || ended.get()) {
      return;
    }
    sending = true;
    requestNanos = recorder.now();
    activity(requestNanos);
    if (span != null) {
      span.requestStarted(request);
    }
    if (layers != null) {
      layers.requestStarted(request);
    }
  }

  @Override
  public void requestBytes(long count) {
    if (count > 0 && !ended.get()) {
      recorder.metrics.add(BYTES_SENT_TOTAL, 0, count);
    }
  }

  @Override
  public <C> void responseStarted(int status, C headers, HeaderAccess<C> access) {
    boolean interim = status >= 100 && status < 200 && status != SWITCHING_PROTOCOLS;
    if (interim || answered || ended.get()) {
      return;
    }
    long now = recorder.now();
    activity(now);
    answered = true;
    this.status = status;
    // After a 101 the first byte is the tunnel's.
    if (sending && status != SWITCHING_PROTOCOLS) {
      recorder.metrics.record(FIRST_BYTE_LATENCY_SECONDS, 0, now - requestNanos);
    }
    if (exchange != null) {
      exchange.attemptAnswered(this, now);
    }
    if (layers != null) {
      layers.responseStarted(now, status, headers, access);
    }
    AttemptSpans spans = spans();
    if (spans != null) {
      spans.responseStarted(now);
    }
  }

  @Override
  public void responseBytes(long count) {
    if (count <= 0 || ended.get()) {
      return;
    }
    recorder.metrics.add(BYTES_RECEIVED_TOTAL, 0, count);
    if (answered && exchange != null && !exchange.isCommitted()) {
      exchange.upstreamEvent(recorder.now());
    }
    if (layers != null) {
      layers.responseBytes(count);
    }
    AttemptSpans spans = spans();
    if (spans != null) {
      spans.responseBytes(count);
    }
  }

  @Override
  public void responseEnd() {
    end();
  }

  @Override
  public void end() {
    if (finish(Labels.SUCCESS, true, null) && exchange != null) {
      exchange.attemptSucceeded(status < FIRST_ERROR_STATUS);
    }
  }

  @Override
  public void cancel() {
    finish(Labels.CANCELED, false, null);
  }

  @Override
  public void fail(Side side, ProxyError error, @Nullable Throwable cause) {
    if (error == ProxyError.CLIENT_ABORT) {
      cancel();
      return;
    }
    int outcome = error != null && isTimeout(error) ? Labels.TIMEOUT : Labels.FAILED;
    if (finish(outcome, side == Side.UPSTREAM, error) && exchange != null) {
      exchange.attemptFailed(number, side, error);
    }
  }

  private @Nullable Context context() {
    if (span != null) {
      return span.context();
    }
    ExchangeTrace parent = exchange == null ? null : exchange.trace();
    return parent == null ? null : parent.attemptContext();
  }

  private @Nullable AttemptSpans spans() {
    return span == null ? null : span.layers();
  }

  private void activity() {
    if (!active && !ended.get()) {
      activity(recorder.now());
    }
  }

  private void activity(long now) {
    if (!active) {
      active = true;
      if (exchange != null) {
        exchange.attemptActive(this, now);
      }
    }
  }

  private boolean finish(int outcome, boolean byUpstream, @Nullable ProxyError error) {
    if (!ended.compareAndSet(false, true)) {
      return false;
    }
    recorder.metrics.add(ATTEMPTS_TOTAL, outcome, 1);
    boolean timed = active && exchange != null && !exchange.isCommitted();
    if (timed || span != null || layers != null) {
      long now = recorder.now();
      if (timed && exchange != null) {
        exchange.attemptOver(this, byUpstream, now);
      }
      if (span != null) {
        span.end(now, status, outcome == Labels.CANCELED, error);
      }
      if (layers != null) {
        layers.finished(now, outcome, status, error);
      }
    }
    return true;
  }

  private static boolean isTimeout(ProxyError error) {
    return switch (error) {
      case DNS_TIMEOUT,
          CONNECTION_TIMEOUT,
          CONNECTION_READ_TIMEOUT,
          CONNECTION_WRITE_TIMEOUT,
          HTTP_RESPONSE_TIMEOUT ->
          true;
      default -> false;
    };
  }
}
