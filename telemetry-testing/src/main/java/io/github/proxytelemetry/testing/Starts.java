package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.TunnelObservation;
import io.github.proxytelemetry.Upstream;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Factory of records and their observations; numbers them in the order of their start. */
final class Starts {
  static final String CONNECTION = "connection-";
  static final String DIAL = "dial-";
  static final String EXCHANGE = "exchange-";
  static final String ATTEMPT = "attempt-";
  static final String TUNNEL = "tunnel-";

  private final Ledger ledger;

  Starts(Ledger ledger) {
    this.ledger = ledger;
  }

  DownstreamObservation connection(@Nullable SocketAddress peer) {
    return ledger.read(
        () -> {
          RecordedConnection connection =
              new RecordedConnection(ledger, ledger.nextId(CONNECTION), Side.DOWNSTREAM, peer);
          connection.opened("started");
          return new ConnectionRecorder(this, connection);
        });
  }

  ExchangeObservation exchange(RequestInfo request, @Nullable RecordedConnection connection) {
    return exchange(request, connection, System.nanoTime());
  }

  ExchangeObservation exchange(
      RequestInfo request, @Nullable RecordedConnection connection, long receivedNanos) {
    return ledger.read(
        () -> {
          RecordedExchange exchange =
              new RecordedExchange(ledger, ledger.nextId(EXCHANGE), request, connection);
          exchange.startedAt(receivedNanos);
          exchange.opened("started " + exchange.method());
          if (connection != null) {
            connection.recordExchange(exchange);
          }
          return new ExchangeRecorder(this, exchange);
        });
  }

  AttemptObservation attempt(Upstream upstream, @Nullable RecordedExchange exchange) {
    return ledger.read(
        () -> {
          RecordedAttempt attempt =
              new RecordedAttempt(ledger, ledger.nextId(ATTEMPT), upstream, exchange);
          attempt.opened("started");
          if (exchange != null) {
            exchange.recordAttempt(attempt);
          }
          return new AttemptRecorder(this, attempt);
        });
  }

  ConnectionObservation dial(@Nullable RecordedAttempt attempt) {
    return ledger.read(
        () -> {
          RecordedConnection dial =
              new RecordedConnection(ledger, ledger.nextId(DIAL), Side.UPSTREAM, null);
          dial.opened("started");
          if (attempt != null) {
            attempt.recordDial(dial);
          }
          return new ConnectionRecorder(this, dial);
        });
  }

  TunnelObservation tunnel(TunnelKind kind, RecordedExchange exchange) {
    return ledger.read(
        () -> {
          RecordedTunnel tunnel = new RecordedTunnel(ledger, ledger.nextId(TUNNEL), kind, exchange);
          tunnel.opened("started");
          exchange.recordTunnel(tunnel);
          return new TunnelRecorder(this, tunnel);
        });
  }

  /** Reads the gRPC status of a response head, or of trailers. */
  <C> @Nullable String grpcStatus(RecordedObservation of, C headers, HeaderAccess<C> access) {
    AtomicReference<@Nullable String> status = new AtomicReference<>();
    header(of, () -> status.set(access.get(headers, "grpc-status")));
    return status.get();
  }

  /** Changes trailers that are about to be written, as a back end may. */
  <C> void removeTrailer(RecordedObservation of, C trailers, HeaderAccess<C> access) {
    header(of, () -> access.remove(trailers, RecordingProxyTelemetry.REMOVED_TRAILER));
  }

  /** Reports a header accessor that throws, against its contract; the guard would hide it. */
  void header(RecordedObservation of, Runnable access) {
    try {
      access.run();
    } catch (RuntimeException thrown) {
      ledger.fault(of.id() + " was passed a header accessor that threw " + thrown);
    }
  }
}
