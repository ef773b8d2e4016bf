package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Scope;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.TunnelObservation;
import io.github.proxytelemetry.Upstream;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

final class ExchangeRecorder extends Recorder<RecordedExchange> implements ExchangeObservation {
  private final AtomicBoolean headSeen = new AtomicBoolean();

  ExchangeRecorder(Starts starts, RecordedExchange told) {
    super(starts, told);
  }

  @Override
  public void route(String template) {
    told.toldRoute(template);
  }

  @Override
  public void handlingStarted() {
    told.fact("handlingStarted", () -> {});
  }

  @Override
  public void requestBytes(long count) {
    told.toldRequestBytes(count);
  }

  @Override
  public void requestEnd() {
    told.toldRequestEnd();
  }

  @Override
  public void informational(int status) {
    told.toldInformational(status);
  }

  @Override
  public <C> void responseStarted(int status, C headers, HeaderAccess<C> access) {
    // Outside the lock: the access belongs to the host.
    boolean opensTunnel = status / 100 == 2 && "CONNECT".equals(told.method());
    if (status >= 200 && !opensTunnel && told.isOpen() && !headSeen.getAndSet(true)) {
      starts.header(
          told,
          () -> access.add(headers, "Server-Timing", RecordingProxyTelemetry.SERVER_TIMING_VALUE));
    }
    told.toldStatus(status);
  }

  @Override
  public void responseBytes(long count) {
    told.toldResponseBytes(count);
  }

  @Override
  public void responseEnd() {
    told.toldResponseEnd();
  }

  @Override
  public void note(Side side, ProxyError error, @Nullable Throwable cause) {
    told.toldNote(new RecordedFailure(side, error, cause));
  }

  @Override
  public void discard() {
    told.terminal("discard", Terminal.DISCARDED, null);
  }

  @Override
  public Scope activate() {
    told.toldScope(1);
    AtomicBoolean closed = new AtomicBoolean();
    return () -> {
      if (!closed.getAndSet(true)) {
        told.toldScope(-1);
      }
    };
  }

  @Override
  public String traceId() {
    return told.traceId();
  }

  @Override
  public String spanId() {
    return told.spanId();
  }

  @Override
  public AttemptObservation startAttempt(Upstream upstream) {
    return starts.attempt(upstream, told);
  }

  @Override
  public TunnelObservation startTunnel(TunnelKind kind) {
    return starts.tunnel(kind, told);
  }
}
