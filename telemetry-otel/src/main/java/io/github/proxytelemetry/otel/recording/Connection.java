package io.github.proxytelemetry.otel.recording;

import static io.github.proxytelemetry.Instrument.CONNECT_LATENCY_SECONDS;
import static io.github.proxytelemetry.Instrument.TLS_HANDSHAKE_DURATION_SECONDS;

import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.otel.metrics.LateCall;
import io.github.proxytelemetry.otel.metrics.PackedLabels;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Connection on either side of the proxy. Its calls catch what they throw. */
class Connection implements ConnectionObservation {
  // An idle connection is mostly what it keeps, so there is no AtomicBoolean.
  private static final VarHandle ENDED;

  static {
    try {
      ENDED = MethodHandles.lookup().findVarHandle(Connection.class, "ended", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Recorder recorder;
  private final Side side;
  private final WireBytes bytes;
  private volatile boolean ended;
  private @Nullable ConnectionPhase phase;
  private boolean entered;
  private boolean dialled;
  private boolean established;
  private long firstPhaseNanos;
  private long phaseNanos;

  Connection(Recorder recorder, Side side) {
    this.recorder = recorder;
    this.side = side;
    this.bytes = side == Side.DOWNSTREAM ? recorder.downstreamBytes : recorder.upstreamBytes;
  }

  @Override
  public final void enter(ConnectionPhase next) {
    if (ended) {
      return;
    }
    try {
      long now = recorder.now();
      endPhase(now);
      if (!entered) {
        entered = true;
        firstPhaseNanos = now;
      }
      // Where an adapter sees the handshake only, the time to connect is unknown.
      dialled |= next != ConnectionPhase.TLS_HANDSHAKE;
      phase = next;
      phaseNanos = now;
    } catch (Throwable thrown) {
      recorder.failed(thrown);
    }
  }

  @Override
  public final void established() {
    if (ended || (phase == null && established)) {
      return;
    }
    try {
      if (phase != null) {
        long now = recorder.now();
        endPhase(now);
        if (!established && dialled && side == Side.UPSTREAM) {
          recorder.metrics.record(CONNECT_LATENCY_SECONDS, 0, now - firstPhaseNanos);
        }
      }
      established = true;
    } catch (Throwable thrown) {
      recorder.failed(thrown);
    }
  }

  @Override
  public final void bytesRead(long count) {
    countBytes(bytes.received(), count);
  }

  @Override
  public final void bytesWritten(long count) {
    countBytes(bytes.sent(), count);
  }

  @Override
  public final void end() {
    end(LateCall.END);
  }

  @Override
  public final void fail(Side side, ProxyError error, @Nullable Throwable cause) {
    end(LateCall.FAIL);
  }

  /** Called once. An interrupted phase has no duration. */
  void ended() {}

  /** A phase ended because another one began, or because the connection is established. */
  void phaseEnded(ConnectionPhase phase, long nanos) {}

  private void end(LateCall call) {
    try {
      if (ENDED.compareAndSet(this, false, true)) {
        ended();
      } else {
        recorder.late(call);
      }
    } catch (Throwable thrown) {
      recorder.failed(thrown);
    }
  }

  private void endPhase(long now) {
    ConnectionPhase last = phase;
    phase = null;
    if (last != null) {
      phaseEnded(last, Math.max(0, now - phaseNanos));
    }
    if (last == ConnectionPhase.TLS_HANDSHAKE) {
      recorder.metrics.record(
          TLS_HANDSHAKE_DURATION_SECONDS, PackedLabels.side(side), now - phaseNanos);
    }
  }

  private void countBytes(LongAdder sum, long count) {
    if (count <= 0) {
      return;
    }
    if (ended) {
      recorder.late(LateCall.BYTES);
    } else {
      sum.add(count);
    }
  }
}
