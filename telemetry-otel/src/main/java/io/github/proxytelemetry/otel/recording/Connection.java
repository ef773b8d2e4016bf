package io.github.proxytelemetry.otel.recording;

import static io.github.proxytelemetry.Instrument.CONNECT_LATENCY_SECONDS;
import static io.github.proxytelemetry.Instrument.TLS_HANDSHAKE_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.UPSTREAM_CONNECTIONS_ACTIVE;
import static io.github.proxytelemetry.Instrument.UPSTREAM_CONNECTIONS_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.UPSTREAM_CONNECTIONS_TOTAL;

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
  // States.
  private static final int NEW = 0;
  private static final int ESTABLISHED = 1;
  private static final int ENDED = 2;

  // An idle connection is mostly what it keeps, so there is no AtomicInteger.
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Connection.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Recorder recorder;
  private final Side side;
  private final short upstreamNumber;
  private volatile int state;
  private @Nullable ConnectionPhase phase;
  private boolean entered;
  private boolean dialled;

  /**
   * To an upstream: when the first phase began; once it is established, when that was. Of a client:
   * when it was accepted.
   */
  long sinceNanos;

  private long phaseNanos;

  /**
   * @param upstreamNumber label of the upstream, 0 on the side of clients
   */
  Connection(Recorder recorder, Side side, int upstreamNumber) {
    this.recorder = recorder;
    this.side = side;
    this.upstreamNumber = (short) upstreamNumber;
  }

  @Override
  public final void enter(ConnectionPhase next) {
    if (isEnded()) {
      return;
    }
    try {
      long now = recorder.now();
      endPhase(now);
      if (!entered && state == NEW && side == Side.UPSTREAM) {
        entered = true;
        sinceNanos = now;
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
    boolean first = state == NEW;
    if (isEnded() || (phase == null && !first)) {
      return;
    }
    try {
      long now = recorder.now();
      boolean timed = phase != null && first && dialled && side == Side.UPSTREAM;
      endPhase(now);
      if (timed) {
        recorder.metrics.record(CONNECT_LATENCY_SECONDS, upstream(), now - sinceNanos);
      }
      if (first) {
        opened(now);
      }
    } catch (Throwable thrown) {
      recorder.failed(thrown);
    }
  }

  @Override
  public final void bytesRead(long count) {
    countBytes(bytes().received(), count);
  }

  @Override
  public final void bytesWritten(long count) {
    countBytes(bytes().sent(), count);
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

  /** An end on another thread may come first: then it was never open. */
  private void opened(long now) {
    if (side == Side.UPSTREAM) {
      sinceNanos = now;
      recorder.metrics.add(UPSTREAM_CONNECTIONS_ACTIVE, upstream(), 1);
    }
    boolean open = STATE.compareAndSet(this, NEW, ESTABLISHED);
    if (side == Side.UPSTREAM) {
      if (open) {
        recorder.metrics.add(UPSTREAM_CONNECTIONS_TOTAL, upstream(), 1);
      } else {
        recorder.metrics.remove(UPSTREAM_CONNECTIONS_ACTIVE, upstream(), 1);
      }
    }
  }

  private void end(LateCall call) {
    try {
      int before = (int) STATE.getAndSet(this, ENDED);
      if (before == ENDED) {
        recorder.late(call);
        return;
      }
      ended();
      if (before == ESTABLISHED && side == Side.UPSTREAM) {
        recorder.metrics.remove(UPSTREAM_CONNECTIONS_ACTIVE, upstream(), 1);
        recorder.metrics.record(
            UPSTREAM_CONNECTIONS_DURATION_SECONDS, upstream(), recorder.now() - sinceNanos);
      }
    } catch (Throwable thrown) {
      recorder.failed(thrown);
    }
  }

  private boolean isEnded() {
    return state == ENDED;
  }

  private long upstream() {
    return PackedLabels.upstream(upstreamNumber);
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

  private WireBytes bytes() {
    return side == Side.DOWNSTREAM ? recorder.downstreamBytes : recorder.upstreamBytes;
  }

  private void countBytes(LongAdder sum, long count) {
    if (count <= 0) {
      return;
    }
    if (isEnded()) {
      recorder.late(LateCall.BYTES);
    } else {
      sum.add(count);
    }
  }
}
