package io.github.proxytelemetry.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testing.RawClient;
import io.github.proxytelemetry.testing.RecordedExchange;
import io.github.proxytelemetry.testing.Terminal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * HTTP/2 client that has received its whole response, and disconnects before the writing thread has
 * returned from the socket.
 */
class LastWriteTest extends ServedByJetty {
  private final CountDownLatch clientGone = new CountDownLatch(1);
  private final ServerConnector connector =
      new ServerConnector(server, new HTTP2CServerConnectionFactory(new HttpConfiguration())) {
        @Override
        protected SocketChannelEndPoint newEndPoint(
            SocketChannel channel, ManagedSelector selector, SelectionKey key) {
          return new SlowToReturn(channel, selector, key);
        }
      };

  @BeforeEach
  void serve() throws Exception {
    serve(
        connector,
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            request.addHttpStreamWrapper(Noticing::new);
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 2);
            response.write(true, BufferUtil.toBuffer("ok", StandardCharsets.US_ASCII), callback);
            return true;
          }
        });
  }

  @Test
  void reportsACompleteResponse_whenTheClientCloses() throws Exception {
    try (RawClient client = Http2Frames.open(connect())) {
      Http2Frames.get(client, 1);
      Http2Frames.awaitEndOfStream(client);
    }
    assertWhole();
  }

  @Test
  void reportsACompleteResponse_whenTheClientResetsItsRequest() throws Exception {
    try (RawClient client = Http2Frames.open(connect())) {
      Http2Frames.post(client, 1);
      Http2Frames.awaitEndOfStream(client);
      Http2Frames.reset(client, 1);
      assertWhole();
    }
  }

  private void assertWhole() {
    RecordedExchange exchange = only();
    assertThat(clientGone.getCount()).isZero();
    assertThat(exchange.terminal()).as("%s", exchange).isEqualTo(Terminal.ENDED);
    assertThat(exchange.responseEnded()).as("%s", exchange).isTrue();
    assertThat(exchange.responseBytes()).isEqualTo(2);
    assertThat(exchange.blame()).as("%s", exchange).isNull();
    assertThat(exchange.repeatedTerminals()).as("%s", exchange).isZero();
    assertThat(exchange.lateCalls()).as("%s", exchange).isZero();
  }

  /** Wrapper that observes the cancellation of the response, after the stream below it. */
  private final class Noticing extends HttpStream.Wrapper {
    Noticing(HttpStream wrapped) {
      super(wrapped);
    }

    @Override
    public Runnable cancelSend(Throwable cause, Callback appCallback) {
      Runnable cancel = super.cancelSend(cause, appCallback);
      return () -> {
        cancel.run();
        clientGone.countDown();
      };
    }
  }

  /** Simulates a thread that is descheduled right after the socket took the last bytes. */
  private final class SlowToReturn extends SocketChannelEndPoint {
    SlowToReturn(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
      super(channel, selector, key, connector.getScheduler());
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
      ByteBuffer[] sent = new ByteBuffer[buffers.length];
      ByteBuffer frames = ByteBuffer.allocate((int) BufferUtil.remaining(buffers));
      for (int i = 0; i < buffers.length; i++) {
        sent[i] = buffers[i].duplicate();
        frames.put(buffers[i].duplicate());
      }
      boolean all = super.flush(sent);
      if (endsAStream(frames.flip())) {
        awaitClientGone();
      }
      for (int i = 0; i < buffers.length; i++) {
        buffers[i].position(sent[i].position());
      }
      return all;
    }

    private static boolean endsAStream(ByteBuffer frames) {
      while (frames.remaining() >= Http2Frames.HEADER_LENGTH) {
        int typed = frames.getInt();
        byte flags = frames.get();
        if ((typed & 0xff) == Http2Frames.DATA && (flags & Http2Frames.END_STREAM) != 0) {
          return true;
        }
        frames.position(frames.position() + Http2Frames.HEADER_LENGTH - 5 + (typed >>> 8));
      }
      return false;
    }

    private void awaitClientGone() throws IOException {
      try {
        if (!clientGone.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
          throw new IOException("the client did not go");
        }
      } catch (InterruptedException interrupted) {
        throw new IOException(interrupted);
      }
    }
  }
}
