package io.github.proxytelemetry.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testing.RawClient;
import io.github.proxytelemetry.testing.RecordedExchange;
import io.github.proxytelemetry.testing.Terminal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.junit.jupiter.api.Test;

/** HTTP/2 clients that reset a stream before it is handled, and before it has ended. */
class Http2GivenUpTest extends ServedByJetty {
  private final CountDownLatch failed = new CountDownLatch(1);

  @Test
  void blamesAClient_thatGivesUpWhileItsRequestWaitsForAThread() throws Exception {
    Queue queue = new Queue();
    serve(connector(queue), answering());
    try (RawClient client = Http2Frames.open(connect())) {
      Http2Frames.get(client, 1);
      Http2Frames.reset(client, 1);
      Http2Frames.ping(client);
      queue.release();
      RecordedExchange exchange = only();
      assertThat(exchange.blame()).as("%s", exchange).hasToString("DOWNSTREAM CLIENT_ABORT");
      assertThat(exchange.status()).as("%s", exchange).isZero();
    }
  }

  /** A proxy writes END_STREAM when the origin's response ends, in a frame of its own. */
  @Test
  void reportsACompleteResponse_whenTheClientHasItsContentLength() throws Exception {
    serve(connector(server.getThreadPool()), writingOkFirst());
    try (RawClient client = Http2Frames.open(connect())) {
      Http2Frames.get(client, 1);
      Http2Frames.awaitContent(client);
      Http2Frames.reset(client, 1);
      assertWhole();
    }
  }

  @Test
  void reportsACompleteResponse_whenTheClientLeavesWithItsContentLength() throws Exception {
    serve(connector(server.getThreadPool()), writingOkFirst());
    try (RawClient client = Http2Frames.open(connect())) {
      Http2Frames.get(client, 1);
      Http2Frames.awaitContent(client);
    }
    assertWhole();
  }

  private void assertWhole() {
    RecordedExchange exchange = only();
    assertThat(exchange.terminal()).as("%s", exchange).isEqualTo(Terminal.ENDED);
    assertThat(exchange.responseEnded()).as("%s", exchange).isTrue();
    assertThat(exchange.responseBytes()).isEqualTo(2);
    assertThat(exchange.blame()).as("%s", exchange).isNull();
  }

  private ServerConnector connector(Executor executor) {
    return new ServerConnector(
        server,
        executor,
        null,
        null,
        1,
        1,
        new HTTP2CServerConnectionFactory(new HttpConfiguration()));
  }

  private static Handler answering() {
    return new Handler.Abstract() {
      @Override
      public boolean handle(Request request, Response response, Callback callback) {
        callback.succeeded();
        return true;
      }
    };
  }

  /** Writes the content, waits for the client to give up, and then completes the response. */
  private Handler writingOkFirst() {
    return new Handler.Abstract() {
      @Override
      public boolean handle(Request request, Response response, Callback callback)
          throws Exception {
        request.addFailureListener(failure -> failed.countDown());
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 2);
        try (Blocker.Callback written = Blocker.callback()) {
          response.write(false, BufferUtil.toBuffer("ok", StandardCharsets.US_ASCII), written);
          written.block();
        }
        assertThat(failed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        callback.succeeded();
        return true;
      }
    };
  }

  /** Executor whose handler tasks wait in a queue, as in a busy thread pool. */
  private final class Queue implements Executor {
    private final List<Runnable> waiting = new ArrayList<>();
    private boolean released;

    @Override
    public void execute(Runnable task) {
      synchronized (this) {
        if (task instanceof Invocable.ReadyTask && !released) {
          waiting.add(task);
          return;
        }
      }
      server.getThreadPool().execute(task);
    }

    synchronized void release() {
      released = true;
      waiting.forEach(server.getThreadPool()::execute);
    }
  }
}
