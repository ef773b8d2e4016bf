package io.github.proxytelemetry.otel;

import static io.github.proxytelemetry.Instrument.BYTES_RECEIVED_TOTAL;
import static io.github.proxytelemetry.Instrument.BYTES_SENT_TOTAL;
import static io.github.proxytelemetry.Instrument.FIRST_BYTE_LATENCY_SECONDS;
import static io.github.proxytelemetry.Instrument.TUNNELS_ACTIVE;
import static io.github.proxytelemetry.Instrument.TUNNEL_DURATION_SECONDS;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.TunnelObservation;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The bytes after a CONNECT or an upgrade. */
final class Tunnel extends Held implements TunnelObservation {
  /** For a second tunnel of one exchange, which cannot be. */
  static final TunnelObservation NONE = new TunnelObservation() {};

  private final Recorder recorder;
  private final @Nullable Downstream connection;
  private final int kind;
  private final long startNanos;
  private final AtomicBoolean ended = new AtomicBoolean();
  private boolean answered;
  private boolean closing;
  private long lastNanos;

  static Tunnel start(Recorder recorder, @Nullable Downstream connection, TunnelKind kind) {
    Tunnel tunnel =
        new Tunnel(
            recorder,
            connection,
            Labels.number(kind == null ? TunnelKind.UPGRADE : kind),
            recorder.now());
    recorder.metrics.add(TUNNELS_ACTIVE, tunnel.kind, 1);
    if (connection != null && !connection.hold(tunnel)) {
      tunnel.connectionEnded();
    }
    return tunnel;
  }

  private Tunnel(Recorder recorder, @Nullable Downstream connection, int kind, long startNanos) {
    this.recorder = recorder;
    this.connection = connection;
    this.kind = kind;
    this.startNanos = startNanos;
  }

  @Override
  public void bytesToUpstream(long count) {
    if (count <= 0) {
      return;
    }
    if (ended.get()) {
      recorder.lateUses.add(LateUse.BYTES);
      return;
    }
    recorder.metrics.add(BYTES_SENT_TOTAL, 0, count);
    if (closing) {
      lastNanos = recorder.now();
    }
  }

  @Override
  public void bytesToDownstream(long count) {
    if (count <= 0) {
      return;
    }
    if (ended.get()) {
      recorder.lateUses.add(LateUse.BYTES);
      return;
    }
    recorder.metrics.add(BYTES_RECEIVED_TOTAL, 0, count);
    if (!answered || closing) {
      long now = recorder.now();
      lastNanos = now;
      if (!answered) {
        answered = true;
        recorder.metrics.record(FIRST_BYTE_LATENCY_SECONDS, 0, now - startNanos);
      }
    }
  }

  @Override
  public void closedBy(Side side) {
    if (!closing && !ended.get()) {
      lastNanos = recorder.now();
      closing = true;
    }
  }

  @Override
  public void end() {
    if (!over()) {
      recorder.lateUses.add(LateUse.END);
    }
  }

  private boolean over() {
    boolean first = ended.compareAndSet(false, true);
    if (first) {
      recorder.metrics.remove(TUNNELS_ACTIVE, kind, 1);
      long endNanos = closing ? lastNanos : recorder.now();
      recorder.metrics.record(TUNNEL_DURATION_SECONDS, kind, endNanos - startNanos);
      if (connection != null) {
        connection.release(this);
      }
    }
    return first;
  }

  @Override
  public void fail(Side side, ProxyError error, @Nullable Throwable cause) {
    if (!over()) {
      recorder.lateUses.add(LateUse.FAIL);
    }
  }

  @Override
  void connectionEnded() {
    over();
  }
}
