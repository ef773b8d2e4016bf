package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.testing.HandlerScript;
import io.github.proxytelemetry.testing.ProxySettings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/** Handler scripts of the contract for Jetty. */
final class Scripted extends Handler.Abstract {
  private static final HttpFields SHARED =
      HttpFields.build().put(HttpHeader.CONTENT_LENGTH, "2").asImmutable();

  private final ProxySettings settings;

  Scripted(ProxySettings settings) {
    this.settings = settings;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    HandlerScript script = HandlerScript.of(request.getHeaders().get(HandlerScript.HEADER));
    if (script == null) {
      return false;
    }
    switch (script) {
      case THROW_BEFORE_RESPONSE -> throw new IllegalStateException("a handler's mistake");
      case THROW_AFTER_HEAD -> {
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 10);
        try (Blocker.Callback written = Blocker.callback()) {
          response.write(false, bytes("hello"), written);
          written.block();
        }
        throw new IllegalStateException("a handler's mistake");
      }
      case NEVER_ANSWER -> {}
      case ANSWER_FROM_THREAD ->
          new Thread(
                  () -> {
                    settings.handlerWork().run();
                    answer(response, callback);
                  })
              .start();
      case WORK_ON -> {
        answer(response, callback);
        settings.handlerWork().run();
      }
      case FAIL_AFTER_RESPONSE -> {
        answer(response, callback);
        callback.failed(new IllegalStateException("a handler's mistake"));
      }
      case SHARED_HEADERS -> {
        response.getHeaders().add(SHARED);
        response.write(true, bytes("ok"), callback);
      }
    }
    return true;
  }

  private static void answer(Response response, Callback callback) {
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 2);
    response.write(true, bytes("ok"), callback);
  }

  private static ByteBuffer bytes(String text) {
    return BufferUtil.toBuffer(text, StandardCharsets.US_ASCII);
  }
}
