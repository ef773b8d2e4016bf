package io.github.proxytelemetry.examples.jetty.reverse;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.jspecify.annotations.Nullable;

/** One end of a WebSocket: what comes in goes out at the other, message by message. */
public final class Pipe implements Session.Listener {
  private final CompletableFuture<Session> session = new CompletableFuture<>();
  private final CompletableFuture<@Nullable Void> closing = new CompletableFuture<>();
  private CompletableFuture<Session> other = new CompletableFuture<>();
  private CompletableFuture<@Nullable Void> otherClosing = new CompletableFuture<>();

  void leadsTo(Pipe otherEnd) {
    other = otherEnd.session;
    otherClosing = otherEnd.closing;
  }

  @Override
  public void onWebSocketOpen(Session opened) {
    session.complete(opened);
    opened.demand();
  }

  @Override
  public void onWebSocketText(String message) {
    pass((to, done) -> to.sendText(message, done));
  }

  @Override
  public void onWebSocketBinary(ByteBuffer message, Callback received) {
    pass(
        (to, done) ->
            to.sendBinary(message, Callback.from(() -> complete(received, done), done::fail)));
  }

  /**
   * The close frame is answered when the other end has answered its own: messages may be on the
   * way.
   */
  @Override
  public void onWebSocketClose(int status, @Nullable String reason, Callback closed) {
    int sent =
        status == StatusCode.NO_CODE || status == StatusCode.NO_CLOSE ? StatusCode.NORMAL : status;
    var unused = other.thenAccept(to -> to.close(sent, reason, Callback.NOOP));
    closing.complete(null);
    var ignored = otherClosing.thenRun(closed::succeed);
  }

  /** Asks for the next message when this one has gone. */
  private void pass(BiConsumer<Session, Callback> send) {
    var unused =
        session.thenAcceptBoth(
            other,
            (from, to) ->
                send.accept(to, Callback.from(from::demand, failure -> from.disconnect())));
  }

  private static void complete(Callback one, Callback two) {
    one.succeed();
    two.succeed();
  }
}
