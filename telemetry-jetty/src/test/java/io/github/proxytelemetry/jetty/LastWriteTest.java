package io.github.proxytelemetry.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testing.RawClient;
import io.github.proxytelemetry.testing.RecordedExchange;
import io.github.proxytelemetry.testing.Terminal;
import java.io.ByteArrayOutputStream;
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
  private static final int FRAME_HEADER = 9;
  private static final byte DATA = 0;
  private static final byte HEADERS = 1;
  private static final byte RST_STREAM = 3;
  private static final byte SETTINGS = 4;
  private static final byte END_STREAM = 1;
  private static final byte END_HEADERS = 4;
  // RFC 7541, appendix A: :method GET, or POST, :scheme http, :path /; and :authority h.
  private static final byte[] GET = {(byte) 0x82, (byte) 0x86, (byte) 0x84, 0x41, 1, 'h'};
  private static final byte[] POST = {(byte) 0x83, (byte) 0x86, (byte) 0x84, 0x41, 1, 'h'};
  private static final byte[] CANCEL = {0, 0, 0, 8};

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
    try (RawClient client = open(GET, END_STREAM)) {
      readResponse(client);
    }
    assertWhole();
  }

  @Test
  void reportsACompleteResponse_whenTheClientResetsItsRequest() throws Exception {
    try (RawClient client = open(POST, (byte) 0)) {
      readResponse(client);
      client.send(frame(RST_STREAM, (byte) 0, 1, CANCEL));
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
  }

  private RawClient open(byte[] request, byte end) throws IOException {
    RawClient client = connect();
    client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    client.send(frame(SETTINGS, (byte) 0, 0, new byte[0]));
    client.send(frame(HEADERS, (byte) (END_HEADERS | end), 1, request));
    return client;
  }

  private static void readResponse(RawClient client) throws IOException {
    boolean ended = false;
    while (!ended) {
      ByteBuffer header = ByteBuffer.wrap(client.readBytes(FRAME_HEADER));
      int typed = header.getInt();
      ended = (typed & 0xff) == DATA && (header.get() & END_STREAM) != 0;
      client.readBytes(typed >>> 8);
    }
  }

  private static byte[] frame(byte type, byte flags, int stream, byte[] payload) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.writeBytes(
        ByteBuffer.allocate(FRAME_HEADER)
            .putInt(payload.length << 8 | type)
            .put(flags)
            .putInt(stream)
            .array());
    frame.writeBytes(payload);
    return frame.toByteArray();
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
      while (frames.remaining() >= FRAME_HEADER) {
        int typed = frames.getInt();
        byte flags = frames.get();
        if ((typed & 0xff) == DATA && (flags & END_STREAM) != 0) {
          return true;
        }
        frames.position(frames.position() + FRAME_HEADER - 5 + (typed >>> 8));
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
