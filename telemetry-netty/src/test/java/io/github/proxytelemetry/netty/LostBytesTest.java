package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testing.RawClient;
import io.github.proxytelemetry.testing.RecordedConnection;
import io.github.proxytelemetry.testing.RecordedTunnel;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.github.proxytelemetry.testing.ScriptedOrigin;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bytes that the network never takes: an upstream stops reading and then closes. */
class LostBytesTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int MORE_THAN_FITS = 64 * 1024 * 1024;

  private final RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
  private final CompletableFuture<SlowChannel> dialled = new CompletableFuture<>();
  private final CountDownLatch held = new CountDownLatch(1);
  private final AtomicLong received = new AtomicLong();
  private ScriptedOrigin origin;
  private NettyProxyHost host;
  private RawClient client;

  @BeforeEach
  void start() throws Exception {
    origin = ScriptedOrigin.start();
    host = NettyProxyHost.start(recorder, origin.address());
    host.dialled =
        () -> {
          SlowChannel channel = new SlowChannel();
          dialled.complete(channel);
          return channel;
        };
    client = RawClient.connect(host.address());
  }

  @AfterEach
  void leavesNothingOpen() throws Exception {
    held.countDown();
    client.close();
    origin.close();
    host.close();
    recorder.awaitIdle(TIMEOUT);
    recorder.assertInvariants();
  }

  @Test
  void countsWhatTheNetworkTook_whenTheUpstreamDies() throws Exception {
    origin.onAccept(
        connection -> {
          await(held);
          connection.reset();
        });
    fill();
    held.countDown();
    client.awaitEnd();
    assertCounted(upstream().taken());
  }

  @Test
  void countsWhatTheNetworkTook_whenTheHostClosesTheUpstream() throws Exception {
    CountDownLatch readAll = new CountDownLatch(1);
    origin.onAccept(
        connection -> {
          await(held);
          received.set(connection.readToEnd().length);
          readAll.countDown();
        });
    fill();
    upstream().close().syncUninterruptibly();
    held.countDown();
    await(readAll);
    assertCounted(received.get());
    assertThat(upstream().taken()).isEqualTo(received.get());
  }

  /** Sends through a tunnel until all buffers are full. */
  private void fill() throws Exception {
    client.send("CONNECT 127.0.0.1:%d HTTP/1.1\r\n\r\n".formatted(origin.address().getPort()));
    assertThat(client.readHead().status()).isEqualTo(200);
    Thread sender = new Thread(this::sendAll, "sender");
    sender.setDaemon(true);
    sender.start();
    upstream().full.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void sendAll() {
    try {
      client.send(new byte[MORE_THAN_FITS]);
    } catch (IOException gone) {
      // More than the buffers hold is never taken.
    }
  }

  private void assertCounted(long taken) {
    recorder.awaitUntil("the tunnel is over", () -> recorder.activeTunnels() == 0, TIMEOUT);
    recorder.awaitUntil("the dial is over", () -> recorder.activeDials() == 0, TIMEOUT);
    assertThat(tunnel().bytesToUpstream()).isEqualTo(taken).isLessThan(MORE_THAN_FITS);
    assertThat(recorder.dials().get(0).bytesWritten()).isEqualTo(taken);
    assertThat(accepted().bytesRead()).isGreaterThan(taken);
  }

  private RecordedTunnel tunnel() {
    return recorder.tunnels().get(0);
  }

  private RecordedConnection accepted() {
    return recorder.connections().get(0);
  }

  private SlowChannel upstream() throws Exception {
    return dialled.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }
}
