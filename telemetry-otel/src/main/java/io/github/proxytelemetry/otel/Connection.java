package io.github.proxytelemetry.otel;

import static io.github.proxytelemetry.Instrument.CONNECTION_IO_BYTES_TOTAL;
import static io.github.proxytelemetry.Instrument.CONNECT_LATENCY_SECONDS;
import static io.github.proxytelemetry.Instrument.TLS_HANDSHAKE_DURATION_SECONDS;

import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A connection on either side of the proxy. */
class Connection implements ConnectionObservation {
  final Recorder recorder;
  private final Side side;
  private final AtomicBoolean ended = new AtomicBoolean();
  private @Nullable ConnectionPhase phase;
  private boolean entered;
  private boolean dialled;
  private boolean established;
  private long firstPhaseNanos;
  private long phaseNanos;

  Connection(Recorder recorder, Side side) {
    this.recorder = recorder;
    this.side = side;
  }

  @Override
  public final void enter(ConnectionPhase next) {
    if (ended.get()) {
      return;
    }
    long now = recorder.now();
    endPhase(now);
    if (!entered) {
      entered = true;
      firstPhaseNanos = now;
    }
    // Where only the handshake is shown, how long it took to connect is not known.
    dialled |= next != ConnectionPhase.TLS_HANDSHAKE;
    phase = next;
    phaseNanos = now;
  }

  @Override
  public final void established() {
    if (ended.get() || (phase == null && established)) {
      return;
    }
    if (phase != null) {
      long now = recorder.now();
      endPhase(now);
      if (!established && dialled && side == Side.UPSTREAM) {
        recorder.metrics.record(CONNECT_LATENCY_SECONDS, 0, now - firstPhaseNanos);
      }
    }
    established = true;
  }

  @Override
  public final void bytesRead(long count) {
    countBytes(Labels.RECEIVED, count);
  }

  @Override
  public final void bytesWritten(long count) {
    countBytes(Labels.SENT, count);
  }

  @Override
  public final void end() {
    if (ended.compareAndSet(false, true)) {
      ended(null, null);
    } else {
      recorder.lateUses.add(LateUse.END);
    }
  }

  @Override
  public final void fail(Side side, ProxyError error, @Nullable Throwable cause) {
    if (ended.compareAndSet(false, true)) {
      ended(side, error);
    } else {
      recorder.lateUses.add(LateUse.FAIL);
    }
  }

  /** Called once. A phase that was interrupted has no duration: it did not happen. */
  void ended(@Nullable Side side, @Nullable ProxyError error) {}

  /** A phase was left for another one, or for the connection's use. */
  void phaseEnded(ConnectionPhase phase, long nanos) {}

  private void endPhase(long now) {
    if (phase != null) {
      phaseEnded(phase, Math.max(0, now - phaseNanos));
    }
    if (phase == ConnectionPhase.TLS_HANDSHAKE) {
      recorder.metrics.record(
          TLS_HANDSHAKE_DURATION_SECONDS, Labels.number(side), now - phaseNanos);
    }
    phase = null;
  }

  private void countBytes(int direction, long count) {
    if (count <= 0) {
      return;
    }
    if (ended.get()) {
      recorder.lateUses.add(LateUse.BYTES);
    } else {
      recorder.metrics.add(CONNECTION_IO_BYTES_TOTAL, Labels.direction(direction, side), count);
    }
  }
}
