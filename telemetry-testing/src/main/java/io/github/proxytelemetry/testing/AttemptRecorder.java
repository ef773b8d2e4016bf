package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.RequestInfo;

final class AttemptRecorder extends Recorder<RecordedAttempt> implements AttemptObservation {
  AttemptRecorder(Starts starts, RecordedAttempt told) {
    super(starts, told);
  }

  @Override
  public ConnectionObservation startConnection() {
    return starts.dial(told);
  }

  @Override
  public void connectionAcquired(boolean reused) {
    told.toldAcquired(reused);
  }

  @Override
  public <C> void inject(C headers, HeaderAccess<C> access) {
    // Outside the lock: the access belongs to the host.
    starts.header(told, () -> access.set(headers, "traceparent", told.traceparent()));
    told.toldInjection();
  }

  @Override
  public void requestStarted(RequestInfo request) {
    told.toldRequest(request);
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
  public void cancel() {
    told.terminal("cancel", Terminal.CANCELLED, null);
  }
}
