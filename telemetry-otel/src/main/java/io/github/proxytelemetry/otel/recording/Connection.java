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
  /** In place of the label of an upstream, for the connection of a client. */
  static final int OF_CLIENT = -1;

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
  private final short upstreamNumber;
  private volatile int state;
  private @Nullable ConnectionPhase phase;
  private boolean dialled;

  /**
   * To an upstream: when the first phase began; once it is established, when that was. Of a client:
   * when it was accepted.
   */
  long sinceNanos;

  private long phaseNanos;

  /**
   * @param upstreamNumber label of the upstream, or {@link #OF_CLIENT}
   */
  Connection(Recorder recorder, int upstreamNumber) {
    this.recorder = recorder;
    this.upstreamNumber = (short) upstreamNumber;
  }

  @Override
  public final void enter(ConnectionPhase next) {
    if (isEnded()) {
      return;
    }
    try {
      long now = recorder.now();
      if (phase == null && state == NEW && !isOfClient()) {
        sinceNanos = now;
      }
      endPhase(now);
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
      boolean timed = phase != null && first && dialled && !isOfClient();
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
    if (!isOfClient()) {
      sinceNanos = now;
      recorder.metrics.add(UPSTREAM_CONNECTIONS_ACTIVE, upstream(), 1);
    }
    boolean open = STATE.compareAndSet(this, NEW, ESTABLISHED);
    if (!isOfClient()) {
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
      if (before == ESTABLISHED && !isOfClient()) {
        recorder.metrics.remove(UPSTREAM_CONNECTIONS_ACTIVE, upstream(), 1);
        recorder.metrics.record(
            UPSTREAM_CONNECTIONS_DURATION_SECONDS, upstream(), recorder.now() - sinceNanos);
      }
    } catch (Throwable thrown) {
      recorder.failed(thrown);
    }
  }

  private boolean isOfClient() {
    return upstreamNumber == OF_CLIENT;
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
      Side side = isOfClient() ? Side.DOWNSTREAM : Side.UPSTREAM;
      recorder.metrics.record(
          TLS_HANDSHAKE_DURATION_SECONDS, PackedLabels.side(side), now - phaseNanos);
    }
  }

  private WireBytes bytes() {
    return isOfClient() ? recorder.downstreamBytes : recorder.upstreamBytes;
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
