package io.github.proxytelemetry.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testing.RawClient;
import io.github.proxytelemetry.testing.RecordedExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

/**
 * HTTP/1.1 client that has received its whole response, while the server stops before the writing
 * thread has returned from the socket.
 */
class Http1LastWriteTest extends ServedByJetty {
  private final CountDownLatch written = new CountDownLatch(1);
  private final CountDownLatch givenUp = new CountDownLatch(1);
  private final ServerConnector connector =
      new ServerConnector(server, new HttpConnectionFactory()) {
        @Override
        protected SocketChannelEndPoint newEndPoint(
            SocketChannel channel, ManagedSelector selector, SelectionKey key) {
          return new SlowToReturn(channel, selector, key);
        }
      };

  @Test
  void reportsOneEnd_whenTheServerStops() throws Exception {
    serve(
        connector,
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            callback.succeeded();
            return true;
          }
        });
    try (RawClient client = connect()) {
      client.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(client.readResponse().status()).isEqualTo(200);
    }
    assertThat(written.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    server.stop();
    RecordedExchange exchange = only();
    assertThat(givenUp.getCount()).isZero();
    assertThat(exchange.repeatedTerminals()).as("%s", exchange).isZero();
    assertThat(exchange.lateCalls()).as("%s", exchange).isZero();
    assertThat(exchange.responseEnded()).as("%s", exchange).isTrue();
    assertThat(exchange.blame()).as("%s", exchange).isNull();
  }

  /** Simulates a thread that is descheduled right after the socket took the last bytes. */
  private final class SlowToReturn extends SocketChannelEndPoint {
    SlowToReturn(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
      super(channel, selector, key, connector.getScheduler());
    }

    /** Called by Jetty to cancel a response, while a write is in progress. */
    @Override
    public Callback cancelWrite(Throwable cause) {
      givenUp.countDown();
      return super.cancelWrite(cause);
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
      boolean all = super.flush(buffers);
      written.countDown();
      awaitGivenUp();
      return all;
    }

    private void awaitGivenUp() throws IOException {
      try {
        if (!givenUp.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
          throw new IOException("the response was not given up");
        }
      } catch (InterruptedException interrupted) {
        throw new IOException(interrupted);
      }
    }
  }
}
