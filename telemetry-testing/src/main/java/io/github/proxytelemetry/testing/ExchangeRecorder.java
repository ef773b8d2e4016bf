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

/** Exchange whose events go into a {@link RecordedExchange}. */
final class ExchangeRecorder extends Recorder<RecordedExchange> implements ExchangeObservation {
  private final AtomicBoolean headSeen = new AtomicBoolean();

  ExchangeRecorder(Starts starts, RecordedExchange recorded) {
    super(starts, recorded);
  }

  @Override
  public void route(String template) {
    recorded.recordRoute(template);
  }

  @Override
  public void handlingStarted() {
    recorded.event("handlingStarted", () -> {});
  }

  @Override
  public void requestBytes(long count) {
    recorded.recordRequestBytes(count);
  }

  @Override
  public void requestEnd() {
    recorded.recordRequestEnd();
  }

  @Override
  public void informational(int status) {
    recorded.recordInformational(status);
  }

  @Override
  public <C> void responseStarted(int status, C headers, HeaderAccess<C> access) {
    // Outside the lock, as the accessor is code of the host.
    boolean opensTunnel = status / 100 == 2 && "CONNECT".equals(recorded.method());
    if (status >= 200 && !opensTunnel && recorded.isOpen() && !headSeen.getAndSet(true)) {
      starts.header(
          recorded,
          () -> access.add(headers, "Server-Timing", RecordingProxyTelemetry.SERVER_TIMING_VALUE));
    }
    recorded.recordStatus(status, starts.grpcStatus(recorded, headers, access));
  }

  @Override
  public <C> void responseTrailers(C trailers, HeaderAccess<C> access) {
    starts.removeTrailer(recorded, trailers, access);
    recorded.recordResponseTrailers(starts.grpcStatus(recorded, trailers, access));
  }

  @Override
  public void responseBytes(long count) {
    recorded.recordResponseBytes(count);
  }

  @Override
  public void responseEnd() {
    recorded.recordResponseEnd();
  }

  @Override
  public void note(Side side, ProxyError error, @Nullable Throwable cause) {
    recorded.recordNote(new RecordedFailure(side, error, cause));
  }

  @Override
  public void discard() {
    recorded.terminal("discard", Terminal.DISCARDED, null);
  }

  @Override
  public Scope activate() {
    recorded.recordScope(1);
    AtomicBoolean closed = new AtomicBoolean();
    return () -> {
      if (!closed.getAndSet(true)) {
        recorded.recordScope(-1);
      }
    };
  }

  @Override
  public String traceId() {
    return recorded.traceId();
  }

  @Override
  public String spanId() {
    return recorded.spanId();
  }

  @Override
  public AttemptObservation startAttempt(Upstream upstream) {
    return starts.attempt(upstream, recorded);
  }

  @Override
  public TunnelObservation startTunnel(TunnelKind kind) {
    return starts.tunnel(kind, recorded);
  }
}
