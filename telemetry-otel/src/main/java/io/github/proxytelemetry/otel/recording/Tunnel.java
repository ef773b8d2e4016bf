package io.github.proxytelemetry.otel.recording;

import static io.github.proxytelemetry.Instrument.BYTES_RECEIVED_TOTAL;
import static io.github.proxytelemetry.Instrument.BYTES_SENT_TOTAL;
import static io.github.proxytelemetry.Instrument.FIRST_BYTE_LATENCY_SECONDS;
import static io.github.proxytelemetry.Instrument.TUNNELS_ACTIVE;
import static io.github.proxytelemetry.Instrument.TUNNEL_DURATION_SECONDS;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.TunnelObservation;
import io.github.proxytelemetry.otel.metrics.LabelValues;
import io.github.proxytelemetry.otel.metrics.LateCall;
import io.github.proxytelemetry.otel.metrics.PackedLabels;
import org.jspecify.annotations.Nullable;

/** Tunnel after a CONNECT or an upgrade. Its calls catch what they throw. */
final class Tunnel extends OpenOnConnection implements TunnelObservation {
  /** In place of a second tunnel of one exchange, or of one that could not be started. */
  static final TunnelObservation NONE = new TunnelObservation() {};

  private final Recorder recorder;
  private final @Nullable DownstreamConnection connection;
  private final long labels;
  private final long startNanos;
  private boolean answered;
  private boolean closing;
  private long lastNanos;

  /** Starts a tunnel; {@code upstream} is the packed label of where it leads, 0 if unnamed. */
  static Tunnel start(
      Recorder recorder,
      @Nullable DownstreamConnection connection,
      @Nullable TunnelKind kind,
      long upstream) {
    int number = LabelValues.number(kind == null ? TunnelKind.UPGRADE : kind);
    long labels = PackedLabels.kind(number) | upstream;
    Tunnel tunnel = new Tunnel(recorder, connection, labels, recorder.now());
    recorder.metrics.add(TUNNELS_ACTIVE, labels, 1);
    if (connection != null && !connection.add(tunnel)) {
      tunnel.connectionEnded();
    }
    return tunnel;
  }

  private Tunnel(
      Recorder recorder, @Nullable DownstreamConnection connection, long labels, long startNanos) {
    this.recorder = recorder;
    this.connection = connection;
    this.labels = labels;
    this.startNanos = startNanos;
  }

  @Override
  public void bytesToUpstream(long count) {
    if (count <= 0) {
      return;
    }
    if (is(ENDED)) {
      late(LateCall.BYTES);
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
    if (is(ENDED)) {
      late(LateCall.BYTES);
      return;
    }
    recorder.metrics.add(BYTES_RECEIVED_TOTAL, 0, count);
    if (answered && !closing) {
      return;
    }
    try {
      lastNanos = recorder.now();
      if (!answered) {
        answered = true;
        recorder.metrics.record(FIRST_BYTE_LATENCY_SECONDS, labels, lastNanos - startNanos);
      }
    } catch (Throwable thrown) {
      recorder.failed(thrown);
    }
  }

  @Override
  public void closedBy(Side side) {
    if (!closing && !is(ENDED)) {
      lastNanos = recorder.now();
      closing = true;
    }
  }

  @Override
  public void end() {
    if (!finish()) {
      late(LateCall.END);
    }
  }

  @Override
  public void fail(Side side, ProxyError error, @Nullable Throwable cause) {
    if (!finish()) {
      late(LateCall.FAIL);
    }
  }

  @Override
  void connectionEnded() {
    finish();
  }

  private void late(LateCall call) {
    DownstreamConnection.late(recorder, connection, call);
  }

  private boolean finish() {
    if ((getAndSet(ENDED) & ENDED) != 0) {
      return false;
    }
    try {
      recorder.metrics.remove(TUNNELS_ACTIVE, labels, 1);
      if (connection != null) {
        connection.remove(this);
      }
      long endNanos = closing ? lastNanos : recorder.now();
      recorder.metrics.record(TUNNEL_DURATION_SECONDS, labels, endNanos - startNanos);
    } catch (Throwable thrown) {
      recorder.failed(thrown);
    }
    return true;
  }
}
