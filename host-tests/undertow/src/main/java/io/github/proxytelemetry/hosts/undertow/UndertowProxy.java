package io.github.proxytelemetry.hosts.undertow;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.httpclient.HttpClientTelemetry;
import io.github.proxytelemetry.httpclient.ManualExchange;
import io.github.proxytelemetry.httpclient.ManualTelemetry;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Locale;
import java.util.Set;

/** Blocking handler that reports its exchanges by hand. */
final class UndertowProxy implements HttpHandler {
  private static final Set<String> NOT_FORWARDED =
      Set.of("connection", "content-length", "host", "transfer-encoding");

  private final ManualTelemetry manual;
  private final HttpClientTelemetry jdk;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String origin;

  UndertowProxy(ProxyTelemetry telemetry, String origin) {
    this.manual = ManualTelemetry.create(telemetry);
    this.jdk = HttpClientTelemetry.create(telemetry);
    this.origin = origin;
  }

  @Override
  public void handleRequest(HttpServerExchange http) throws Exception {
    if (http.isInIoThread()) {
      http.dispatch(this);
      return;
    }
    http.startBlocking();
    ManualExchange exchange = manual.start(new UndertowRequest(http));
    try {
      forward(http, exchange);
    } catch (IOException | InterruptedException cause) {
      exchange.fail(cause);
      throw cause;
    }
  }

  private void forward(HttpServerExchange http, ManualExchange exchange)
      throws IOException, InterruptedException {
    byte[] body = exchange.wrapRequestBody(http.getInputStream()).readAllBytes();
    HttpResponse<InputStream> answer;
    try {
      answer =
          jdk.wrap(client, exchange.observation())
              .send(request(http, body), BodyHandlers.ofInputStream());
    } catch (IOException failure) {
      exchange.observation().note(Side.UPSTREAM, HttpClientTelemetry.classify(failure), failure);
      start(http, exchange, 502);
      exchange.end();
      return;
    }
    answer
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!name.equals("connection") && !name.equals("transfer-encoding")) {
                http.getResponseHeaders().addAll(new HttpString(name), values);
              }
            });
    start(http, exchange, answer.statusCode());
    try (InputStream in = answer.body();
        OutputStream out = exchange.wrapResponseBody(http.getOutputStream())) {
      in.transferTo(out);
    }
  }

  private HttpRequest request(HttpServerExchange http, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(origin + http.getRequestURI()))
            .method(
                http.getRequestMethod().toString(),
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    http.getRequestHeaders()
        .forEach(
            header -> {
              String name = header.getHeaderName().toString();
              if (!NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))) {
                header.forEach(value -> request.header(name, value));
              }
            });
    return request.build();
  }

  private static void start(HttpServerExchange http, ManualExchange exchange, int status) {
    http.setStatusCode(status);
    exchange.responseStarted(
        status, (name, value) -> http.getResponseHeaders().add(new HttpString(name), value));
  }
}
