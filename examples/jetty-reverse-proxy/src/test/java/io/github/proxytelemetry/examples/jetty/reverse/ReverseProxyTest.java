package io.github.proxytelemetry.examples.jetty.reverse;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.examples.jetty.ObservedServer;
import io.github.proxytelemetry.testbed.Program;
import io.github.proxytelemetry.testbed.RequiresProgram;
import io.github.proxytelemetry.testbed.Scrape;
import io.github.proxytelemetry.testbed.TestOrigin;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traffic of third-party programs, whose counts equal those of Prometheus. */
class ReverseProxyTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String OK = "privacy_proxy_requests_by_status{status=\"200\"}";

  @Test
  @RequiresProgram("curl")
  void countsWhatCurlDoes() throws Exception {
    countsAll(
        2,
        url -> run("curl", "--silent", "--show-error", "--fail", url, url),
        output -> output.split("hello", -1).length - 1);
  }

  @Test
  @RequiresProgram("nghttp")
  void countsWhatNghttpDoes_overHttp2() throws Exception {
    countsAll(
        2,
        url -> run("nghttp", "--stat", url, url + "?b"),
        output -> output.split("200 ", -1).length - 1);
  }

  @Test
  @RequiresProgram("h2load")
  void countsWhatH2loadDoes_overHttp2() throws Exception {
    countsAll(
        200,
        url -> run("h2load", "-n", "200", "-c", "4", "-m", "10", url),
        output -> number("(\\d+) succeeded", output));
  }

  /** Left alone, wrk stops within requests; each of its threads is stopped after an answer. */
  @Test
  @RequiresProgram("wrk")
  void countsWhatWrkDoes(@TempDir Path directory) throws Exception {
    Path script = directory.resolve("stop.lua");
    Files.writeString(
        script,
        """
        local left = 50
        function response()
          left = left - 1
          if left == 0 then wrk.thread:stop() end
        end
        """);
    countsAll(
        200,
        url -> run("wrk", "-t", "4", "-c", "4", "-d", "8s", "-s", script.toString(), url),
        output -> number("(\\d+) requests in", output));
  }

  @Test
  void countsWhatAWebSocketClientDoes() throws Exception {
    Server origin = echoing();
    try (ObservedServer proxy = ReverseProxy.start(0, 0, authority(origin))) {
      CompletableFuture<String> echoed = new CompletableFuture<>();
      WebSocket socket =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .buildAsync(
                  URI.create("ws://127.0.0.1:" + proxy.address().getPort() + "/chat"),
                  new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(
                        WebSocket from, CharSequence text, boolean last) {
                      echoed.complete(text.toString());
                      return null;
                    }
                  })
              .get(20, TimeUnit.SECONDS);
      socket.sendText("hello", true).get(20, TimeUnit.SECONDS);
      assertThat(echoed.get(20, TimeUnit.SECONDS)).isEqualTo("hello");
      assertThat(Scrape.of(proxy.metricsAddress()).sum("privacy_proxy_tunnels_active"))
          .isEqualTo(1);
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(20, TimeUnit.SECONDS);
      socket.abort();
      Scrape scrape = idle(proxy, 1);
      assertThat(scrape.value("privacy_proxy_requests_by_status{status=\"101\"}")).isEqualTo(1);
      assertThat(scrape.sum("privacy_proxy_attempts_total")).isEqualTo(1);
      assertThat(scrape.sum("privacy_proxy_errors_total")).isZero();
    } finally {
      origin.stop();
    }
  }

  /** The client closes as soon as it has sent its messages; their echoes are still on the way. */
  @Test
  void passesEveryMessage_beforeAClose() throws Exception {
    Server origin = echoing();
    try (ObservedServer proxy = ReverseProxy.start(0, 0, authority(origin))) {
      AtomicInteger echoes = new AtomicInteger();
      CompletableFuture<Integer> closed = new CompletableFuture<>();
      WebSocket socket =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .buildAsync(
                  URI.create("ws://127.0.0.1:" + proxy.address().getPort() + "/chat"),
                  new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(
                        WebSocket from, CharSequence text, boolean last) {
                      echoes.incrementAndGet();
                      from.request(1);
                      return null;
                    }

                    @Override
                    public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
                      closed.complete(status);
                      return null;
                    }
                  })
              .get(20, TimeUnit.SECONDS);
      for (int i = 0; i < 40; i++) {
        socket.sendText("hello", true).get(20, TimeUnit.SECONDS);
      }
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(20, TimeUnit.SECONDS);
      assertThat(closed.get(20, TimeUnit.SECONDS)).isEqualTo(WebSocket.NORMAL_CLOSURE);
      assertThat(echoes).hasValue(40);
    } finally {
      origin.stop();
    }
  }

  /** Neither has a key, and the second has a version that nobody speaks. */
  @Test
  void refusesABrokenHandshake() throws Exception {
    Server origin = echoing();
    try (ObservedServer proxy = ReverseProxy.start(0, 0, authority(origin))) {
      assertThat(handshake(proxy, "")).startsWith("HTTP/1.1 400");
      assertThat(handshake(proxy, "Sec-WebSocket-Version: 1\r\n")).startsWith("HTTP/1.1 4");
    } finally {
      origin.stop();
    }
  }

  private static String handshake(ObservedServer proxy, String fields) throws Exception {
    try (Socket client = new Socket(proxy.address().getAddress(), proxy.address().getPort())) {
      client.setSoTimeout((int) LIMIT.toMillis());
      String head =
          "GET /chat HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
      client.getOutputStream().write((head + fields + "\r\n").getBytes(US_ASCII));
      return new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII))
          .readLine();
    }
  }

  private static Server echoing() throws Exception {
    Server origin = new Server();
    ServerConnector connector = new ServerConnector(origin);
    connector.setHost("127.0.0.1");
    origin.addConnector(connector);
    origin.setHandler(
        WebSocketUpgradeHandler.from(
            origin, container -> container.addMapping("/*", (q, s, c) -> new Echo())));
    origin.start();
    return origin;
  }

  private static String authority(Server origin) {
    return "127.0.0.1:" + ((ServerConnector) origin.getConnectors()[0]).getLocalPort();
  }

  private static void countsAll(int requests, Action action, Count count) throws Exception {
    try (TestOrigin origin = TestOrigin.start();
        ObservedServer proxy = ReverseProxy.start(0, 0, origin.authority())) {
      String output = action.run(url(proxy));
      assertThat(count.of(output)).as(output).isEqualTo(requests);
      Scrape scrape = idle(proxy, requests);
      assertThat(scrape.sum("privacy_proxy_requests_total")).isEqualTo(requests);
      assertThat(scrape.value(OK)).isEqualTo(requests);
      assertThat(scrape.sum("privacy_proxy_errors_total")).isZero();
      assertThat(scrape.sum("privacy_proxy_bytes_received_total")).isEqualTo(5.0 * requests);
    }
  }

  private static Scrape idle(ObservedServer proxy, int requests) throws Exception {
    return Scrape.await(
        proxy.metricsAddress(),
        LIMIT,
        s ->
            s.sum("privacy_proxy_requests_total") >= requests
                && s.sum("privacy_proxy_requests_in_progress") == 0
                && s.sum("privacy_proxy_tunnels_active") == 0
                && s.sum("privacy_proxy_connections_active") == 0);
  }

  private static String url(ObservedServer proxy) {
    return "http://127.0.0.1:" + proxy.address().getPort() + "/hello";
  }

  private static String run(String... command) throws Exception {
    Program program = Program.run(List.of(command));
    assertThat(program.exitCode()).as(program.output()).isZero();
    return program.output();
  }

  private static int number(String pattern, String output) {
    Matcher matcher = Pattern.compile(pattern).matcher(output);
    assertThat(matcher.find()).as(output).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  private interface Action {
    String run(String url) throws Exception;
  }

  private interface Count {
    int of(String output);
  }

  /** Sends back what comes. */
  public static final class Echo implements Session.Listener.AutoDemanding {
    private Session session;

    @Override
    public void onWebSocketOpen(Session opened) {
      session = opened;
    }

    @Override
    public void onWebSocketText(String message) {
      session.sendText(message, Callback.NOOP);
    }
  }
}
