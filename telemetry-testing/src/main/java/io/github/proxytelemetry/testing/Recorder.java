package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.Observation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import org.jspecify.annotations.Nullable;

/** Writes down what an observation is told. The records stay free of the methods that tell. */
abstract class Recorder<R extends RecordedObservation> implements Observation {
  final Starts starts;
  final R told;

  Recorder(Starts starts, R told) {
    this.starts = starts;
    this.told = told;
  }

  @Override
  public void end() {
    told.terminal("end", Terminal.ENDED, null);
  }

  @Override
  public void fail(Side side, ProxyError error, @Nullable Throwable cause) {
    RecordedFailure failure = new RecordedFailure(side, error, cause);
    told.terminal("fail " + failure, Terminal.FAILED, failure);
  }
}
