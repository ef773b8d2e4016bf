package io.github.proxytelemetry.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testing.RecordedConnection;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.github.proxytelemetry.testing.Terminal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Connection that is closed before the reading thread has returned from the socket. */
class LastReadTest {
  private final RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();

  @Test
  void endsTheConnection_afterTheReadIsCounted() throws Exception {
    SlowToReturn socket = new SlowToReturn("hello");
    ServerEndPoint endPoint = new ServerEndPoint(socket, recorder);
    socket.observed = endPoint;
    assertThat(endPoint.fill(BufferUtil.allocate(16))).isEqualTo(5);
    recorder.assertNoLateCalls();
    RecordedConnection connection = recorder.connections().get(0);
    assertThat(connection.terminal()).isEqualTo(Terminal.ENDED);
    assertThat(connection.bytesRead()).isEqualTo(5);
  }

  /** Simulates a thread that is descheduled between the socket and its caller. */
  private static final class SlowToReturn extends ByteArrayEndPoint {
    private @Nullable ServerEndPoint observed;

    SlowToReturn(String input) {
      super(input.getBytes(StandardCharsets.US_ASCII), 0);
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
      int bytes = super.fill(buffer);
      Objects.requireNonNull(observed).closed();
      return bytes;
    }
  }
}
