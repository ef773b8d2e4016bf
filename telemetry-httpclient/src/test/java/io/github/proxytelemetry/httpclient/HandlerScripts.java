package io.github.proxytelemetry.httpclient;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpExchange;
import io.github.proxytelemetry.testing.HandlerScript;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** Handler scripts of the contract for the JDK's server. */
final class HandlerScripts {
  /** Read-only values of one header, shared by every response. */
  private static final List<String> SHARED = List.of();

  private final Runnable work;

  HandlerScripts(Runnable work) {
    this.work = work;
  }

  void play(HandlerScript script, HttpExchange exchange) throws IOException {
    switch (script) {
      case THROW_BEFORE_RESPONSE -> throw new IllegalStateException("scripted");
      case THROW_AFTER_HEAD -> {
        exchange.sendResponseHeaders(200, 10);
        exchange.getResponseBody().write("hello".getBytes(US_ASCII));
        exchange.getResponseBody().flush();
        throw new IllegalStateException("scripted");
      }
      case NEVER_ANSWER -> {}
      case ANSWER_FROM_THREAD -> Threads.start(() -> workAndAnswer(exchange));
      case WORK_ON -> {
        answer(exchange);
        work.run();
      }
      case FAIL_AFTER_RESPONSE -> {
        answer(exchange);
        throw new IllegalStateException("scripted");
      }
      case SHARED_HEADERS -> {
        exchange.getResponseHeaders().put("Server-Timing", SHARED);
        answer(exchange);
      }
    }
  }

  private void workAndAnswer(HttpExchange exchange) {
    work.run();
    try {
      answer(exchange);
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  private static void answer(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 2);
    try (OutputStream body = exchange.getResponseBody()) {
      body.write("ok".getBytes(US_ASCII));
    }
  }
}
