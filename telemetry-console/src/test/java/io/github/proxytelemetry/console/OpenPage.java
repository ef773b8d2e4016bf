package io.github.proxytelemetry.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.proxytelemetry.testbed.Browser;
import io.github.proxytelemetry.testbed.FreePort;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A page in a real browser, asked by the browser's DevTools protocol. */
final class OpenPage implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Browser browser;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Messages messages = new Messages();
  private final WebSocket devTools;
  private int sent;

  static OpenPage open(String url, String... options) throws Exception {
    int port = FreePort.next();
    String[] all = new String[options.length + 1];
    all[0] = "--remote-debugging-port=" + port;
    System.arraycopy(options, 0, all, 1, options.length);
    Browser browser = Browser.open(url, all);
    boolean opened = false;
    try {
      OpenPage page = new OpenPage(browser, port, url);
      opened = true;
      return page;
    } finally {
      if (!opened) {
        browser.close();
      }
    }
  }

  private OpenPage(Browser browser, int port, String url) throws Exception {
    this.browser = browser;
    URI target = URI.create(awaitTarget(port, url));
    this.devTools =
        client.newWebSocketBuilder().buildAsync(target, messages).get(60, TimeUnit.SECONDS);
  }

  /** Waits until an expression is true in the page. */
  void await(String expression) throws Exception {
    long deadline = System.nanoTime() + Console.LIMIT.toNanos();
    while (!evaluate(expression).asBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "never true: " + expression + "\n" + evaluate("document.body.innerText").asText());
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /** The value of an expression in the page. */
  JsonNode evaluate(String expression) throws Exception {
    JsonNode result =
        send(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    return result.at("/result/value");
  }

  /** Sends a command of the protocol, and returns its result. */
  JsonNode send(String method, Map<String, ?> params) throws Exception {
    int id = ++sent;
    Map<String, Object> command = Map.of("id", id, "method", method, "params", params);
    devTools.sendText(MAPPER.writeValueAsString(command), true).get(60, TimeUnit.SECONDS);
    while (true) {
      String text = messages.received.poll(60, TimeUnit.SECONDS);
      if (text == null) {
        throw new AssertionError("the browser does not answer");
      }
      JsonNode message = MAPPER.readTree(text);
      if (message.at("/id").asInt() == id) {
        return message.at("/result");
      }
    }
  }

  @Override
  public void close() throws IOException {
    devTools.abort();
    browser.close();
  }

  private String awaitTarget(int port, String url) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json")).build();
    long deadline = System.nanoTime() + Console.LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        for (JsonNode target :
            MAPPER.readTree(client.send(request, BodyHandlers.ofString()).body())) {
          if (target.at("/url").asText().equals(url)) {
            return target.at("/webSocketDebuggerUrl").asText();
          }
        }
      } catch (ConnectException e) {
        // Not started yet.
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new AssertionError("the browser does not open " + url);
  }

  private static final class Messages implements WebSocket.Listener {
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        received.add(text.toString());
        text.setLength(0);
      }
      return WebSocket.Listener.super.onText(socket, data, last);
    }
  }
}
