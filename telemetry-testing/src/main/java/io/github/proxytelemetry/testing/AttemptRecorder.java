package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.RequestInfo;

/** Attempt whose events go into a {@link RecordedAttempt}. */
final class AttemptRecorder extends Recorder<RecordedAttempt> implements AttemptObservation {
  AttemptRecorder(Starts starts, RecordedAttempt recorded) {
    super(starts, recorded);
  }

  @Override
  public ConnectionObservation startConnection() {
    return starts.dial(recorded);
  }

  @Override
  public void connectionAcquired(boolean reused) {
    recorded.recordAcquired(reused);
  }

  @Override
  public <C> void inject(C headers, HeaderAccess<C> access) {
    // Outside the lock, as the accessor is code of the host.
    starts.header(recorded, () -> access.set(headers, "traceparent", recorded.traceparent()));
    recorded.recordInjection();
  }

  @Override
  public void requestStarted(RequestInfo request) {
    recorded.recordRequest(request);
  }

  @Override
  public void requestBytes(long count) {
    recorded.recordRequestBytes(count);
  }

  /** Of an early response, the request may go on after the attempt's end. */
  @Override
  public <C> void requestTrailers(C trailers, HeaderAccess<C> access) {
    starts.removeTrailer(recorded, trailers, access);
    recorded.recordRequestTrailers();
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
  public void protocolVersion(String version) {
    recorded.recordProtocolVersion(version);
  }

  @Override
  public <C> void responseStarted(int status, C headers, HeaderAccess<C> access) {
    recorded.recordStatus(status, starts.grpcStatus(recorded, headers, access));
  }

  @Override
  public <C> void responseTrailers(C trailers, HeaderAccess<C> access) {
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
  public void cancel() {
    recorded.terminal("cancel", Terminal.CANCELLED, null);
  }
}
