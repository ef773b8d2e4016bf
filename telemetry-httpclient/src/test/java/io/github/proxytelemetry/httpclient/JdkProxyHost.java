package io.github.proxytelemetry.httpclient;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.testing.HandlerScript;
import io.github.proxytelemetry.testing.ProxySettings;
import io.github.proxytelemetry.testing.ProxyUnderTest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/**
 * Reverse proxy built on the JDK, as a user would write it: it calls telemetry only where a user
 * has to.
 */
final class JdkProxyHost implements ProxyUnderTest {
  // Hop-by-hop headers (RFC 9110, section 7.6.1), those of the JDK's client, and the library's.
  private static final Set<String> NOT_FORWARDED =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "host",
          "expect",
          "content-length",
          "date",
          "handler-script");

  private final ExecutorService threads = Executors.newCachedThreadPool(JdkProxyHost::daemon);
  private final HttpServer server;
  private final HttpClient client;
  private final HttpClientTelemetry telemetry;
  private final ProxySettings settings;
  private final HandlerScripts scripts;

  private JdkProxyHost(ProxyTelemetry telemetry, ProxySettings settings) throws IOException {
    this.telemetry = HttpClientTelemetry.create(telemetry);
    this.settings = settings;
    this.scripts = new HandlerScripts(settings.handlerWork());
    this.client = client();
    this.server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
    server.setExecutor(threads);
    HttpContext context = server.createContext("/", this::handle);
    HttpServerTelemetry.create(telemetry).install(context);
    server.start();
  }

  private HttpClient client() {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(
                settings.upstreamHttp2() ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
            .connectTimeout(settings.upstreamTimeout())
            .executor(threads);
    SSLContext tls = settings.upstreamTls();
    return tls == null ? builder.build() : builder.sslContext(telemetry.wrap(tls)).build();
  }

  static JdkProxyHost start(ProxyTelemetry telemetry, ProxySettings settings) throws IOException {
    return new JdkProxyHost(telemetry, settings);
  }

  @Override
  public InetSocketAddress address() {
    return server.getAddress();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    HandlerScript script =
        HandlerScript.of(exchange.getRequestHeaders().getFirst(HandlerScript.HEADER));
    if (script != null) {
      scripts.play(script, exchange);
      return;
    }
    ExchangeObservation observation = HttpServerTelemetry.exchange(exchange);
    HttpResponse<InputStream> response;
    BodyPublisher body = body(exchange);
    try {
      response = send(telemetry.wrap(client, observation), upstreamRequest(exchange, body));
    } catch (IOException failure) {
      if (body instanceof StreamedBody streamed && streamed.isBroken()) {
        // The client has disconnected.
        throw failure;
      }
      ProxyError error = HttpClientTelemetry.classify(failure);
      observation.note(Side.UPSTREAM, error, failure);
      exchange.sendResponseHeaders(isTimeout(error) ? 504 : 502, -1);
      exchange.close();
      return;
    } catch (InterruptedException stopped) {
      exchange.close();
      return;
    }
    relay(exchange, response, observation);
  }

  private HttpResponse<InputStream> send(HttpClient upstream, HttpRequest request)
      throws IOException, InterruptedException {
    if (settings.hedged()) {
      return Hedge.send(upstream, request);
    }
    for (int left = request.method().equals("GET") ? settings.retries() : 0; left > 0; left--) {
      try {
        return upstream.send(request, BodyHandlers.ofInputStream());
      } catch (IOException failure) {
        // The other attempt decides.
      }
    }
    return upstream.send(request, BodyHandlers.ofInputStream());
  }

  private HttpRequest upstreamRequest(HttpExchange exchange, BodyPublisher body) {
    URI target = exchange.getRequestURI();
    String query = target.getRawQuery() == null ? "" : "?" + target.getRawQuery();
    URI uri =
        URI.create(
            (settings.upstreamTls() == null ? "http://" : "https://")
                + settings.originHost()
                + ":"
                + settings.originPort()
                + target.getRawPath()
                + query);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).timeout(timeout()).method(exchange.getRequestMethod(), body);
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    return request.build();
  }

  /** The JDK has one time-out, which covers everything before the response body. */
  private Duration timeout() {
    Duration total = settings.totalTimeout();
    return total == null || total.compareTo(settings.upstreamTimeout()) > 0
        ? settings.upstreamTimeout()
        : total;
  }

  private BodyPublisher body(HttpExchange exchange) {
    String length = exchange.getRequestHeaders().getFirst("Content-Length");
    if (exchange.getRequestHeaders().containsKey("Transfer-Encoding")) {
      return new StreamedBody(exchange.getRequestBody(), -1, threads);
    }
    return length == null || length.equals("0")
        ? BodyPublishers.noBody()
        : new StreamedBody(exchange.getRequestBody(), Long.parseLong(length), threads);
  }

  private static void relay(
      HttpExchange exchange, HttpResponse<InputStream> response, ExchangeObservation observation)
      throws IOException {
    try (InputStream body = response.body()) {
      response
          .headers()
          .map()
          .forEach(
              (name, values) -> {
                if (!NOT_FORWARDED.contains(name)) {
                  values.forEach(value -> exchange.getResponseHeaders().add(name, value));
                }
              });
      long length = length(exchange, response);
      exchange.sendResponseHeaders(response.statusCode(), length);
      // Without a body the response is over by now, whatever the origin sends on.
      ExchangeObservation open =
          length < 0 ? ProxyTelemetry.noop().startExchange(() -> "") : observation;
      byte[] buffer = new byte[8192];
      OutputStream out = exchange.getResponseBody();
      for (int count = read(body, buffer, open); count >= 0; count = read(body, buffer, open)) {
        out.write(buffer, 0, count);
        out.flush();
      }
      exchange.close();
    }
  }

  private static int read(InputStream body, byte[] buffer, ExchangeObservation observation)
      throws IOException {
    try {
      return body.read(buffer);
    } catch (IOException failure) {
      observation.note(Side.UPSTREAM, HttpClientTelemetry.classify(failure), failure);
      throw failure;
    }
  }

  /** Length as the server's API expects it: −1 for no body, 0 for chunks. */
  private static long length(HttpExchange exchange, HttpResponse<?> response) {
    int status = response.statusCode();
    long length = response.headers().firstValueAsLong("content-length").orElse(0);
    boolean declared = response.headers().firstValue("content-length").isPresent();
    if (exchange.getRequestMethod().equals("HEAD") || status == 204 || status == 304) {
      if (declared) {
        exchange.getResponseHeaders().set("Content-Length", Long.toString(length));
      }
      return -1;
    }
    return declared && length == 0 ? -1 : length;
  }

  private static boolean isTimeout(ProxyError error) {
    return error == ProxyError.HTTP_RESPONSE_TIMEOUT || error == ProxyError.CONNECTION_TIMEOUT;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "jdk-proxy");
    thread.setDaemon(true);
    return thread;
  }
}
