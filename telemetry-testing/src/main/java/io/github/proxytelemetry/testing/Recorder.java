package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.Observation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import org.jspecify.annotations.Nullable;

/**
 * Observation whose events go into a record. Apart from the record, so that the type which tests
 * read has no methods to report events.
 */
abstract class Recorder<R extends RecordedObservation> implements Observation {
  final Starts starts;
  final R recorded;

  Recorder(Starts starts, R recorded) {
    this.starts = starts;
    this.recorded = recorded;
  }

  @Override
  public void end() {
    recorded.terminal("end", Terminal.ENDED, null);
  }

  @Override
  public void fail(Side side, ProxyError error, @Nullable Throwable cause) {
    RecordedFailure failure = new RecordedFailure(side, error, cause);
    recorded.terminal("fail " + failure, Terminal.FAILED, failure);
  }
}
