package io.github.proxytelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/**
 * Compares the byte counts that an adapter reported for connections with the bytes that the sockets
 * of the test's clients and origin saw. Equal where both ends finished; bounds where one broke off.
 */
final class WireByteChecks {
  private final RecordingProxyTelemetry recorder;

  WireByteChecks(RecordingProxyTelemetry recorder) {
    this.recorder = recorder;
  }

  /** The connections to the origin, in sum: the recorder does not know which socket is whose. */
  void assertOrigin(List<ScriptedOrigin.Connection> sockets) {
    long received = sockets.stream().mapToLong(RawSocket::receivedOnWire).sum();
    long sent = sockets.stream().mapToLong(RawSocket::sentOnWire).sum();
    long written = recorder.dials().stream().mapToLong(RecordedConnection::bytesWritten).sum();
    long read = recorder.dials().stream().mapToLong(RecordedConnection::bytesRead).sum();
    boolean complete =
        sockets.stream().allMatch(socket -> socket.readsAll() && socket.sawEnd())
            && recorder.exchanges().stream().allMatch(WireByteChecks::isComplete)
            && recorder.attempts().stream().allMatch(a -> a.terminal() == Terminal.ENDED);
    if (complete) {
      assertThat(written).as("written to the origin").isEqualTo(received);
      assertThat(read).as("read from the origin").isEqualTo(sent);
    } else {
      assertThat(written).as("written to the origin").isGreaterThanOrEqualTo(received);
      if (sockets.stream().noneMatch(RawSocket::wasCutOff)) {
        assertThat(read).as("read from the origin").isLessThanOrEqualTo(sent);
      }
    }
  }

  /** One client's connection, found by its address. */
  void assertClient(RawClient client) {
    RecordedConnection recorded =
        recorder.connections().stream()
            .filter(connection -> client.local().equals(connection.peer()))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no connection reported for " + client.local()));
    // Without an exchange, the last bytes of either side may never have been read.
    boolean complete =
        !recorded.exchanges().isEmpty()
            && recorded.exchanges().stream().allMatch(WireByteChecks::isComplete);
    if (complete && !client.wasReset()) {
      assertThat(recorded.bytesRead()).as("read on %s", recorded).isEqualTo(client.sentOnWire());
    } else {
      assertThat(recorded.bytesRead())
          .as("read on %s", recorded)
          .isLessThanOrEqualTo(client.sentOnWire());
    }
    if (complete && client.readsAll()) {
      assertThat(recorded.bytesWritten())
          .as("written on %s", recorded)
          .isEqualTo(client.receivedOnWire());
    } else {
      assertThat(recorded.bytesWritten())
          .as("written on %s", recorded)
          .isGreaterThanOrEqualTo(client.receivedOnWire());
    }
  }

  /** Whether the whole request was read and the whole response written. */
  private static boolean isComplete(RecordedExchange exchange) {
    RecordedTunnel tunnel = exchange.tunnel();
    return tunnel == null
        ? exchange.terminal() == Terminal.ENDED && exchange.requestEnded()
        : tunnel.terminal() == Terminal.ENDED;
  }
}
