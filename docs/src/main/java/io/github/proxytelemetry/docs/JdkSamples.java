package io.github.proxytelemetry.docs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.httpclient.HttpClientTelemetry;
import io.github.proxytelemetry.httpclient.HttpServerTelemetry;
import io.github.proxytelemetry.httpclient.ManualExchange;
import io.github.proxytelemetry.httpclient.ManualTelemetry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import javax.net.ssl.SSLContext;

/** Samples of the pages about the JDK. */
final class JdkSamples {
  static HttpResponse<InputStream> module(
      ProxyTelemetry telemetry,
      HttpServer server,
      HttpHandler handler,
      HttpExchange exchange,
      HttpClient client,
      HttpRequest request,
      Throwable cause)
      throws IOException, InterruptedException {
    HttpServerTelemetry.create(telemetry).install(server.createContext("/", handler));

    HttpClientTelemetry jdk = HttpClientTelemetry.create(telemetry);

    // in the handler, for each exchange; the client is shared, and each request is an attempt:
    ExchangeObservation observation = HttpServerTelemetry.exchange(exchange);
    HttpResponse<InputStream> answer =
        jdk.wrap(client, observation).send(request, BodyHandlers.ofInputStream());

    // before answering 502 or 504 because of an exception:
    observation.note(Side.UPSTREAM, HttpClientTelemetry.classify(cause), cause);
    return answer;
  }

  /** The methods of a servlet response that the sample uses. */
  interface Response {
    void addHeader(String name, String value);

    OutputStream getOutputStream() throws IOException;
  }

  static void handler(
      ProxyTelemetry telemetry,
      HttpClientTelemetry jdk,
      HttpClient client,
      RequestInfo requestInfo,
      HttpRequest request,
      Response response)
      throws IOException, InterruptedException {
    ManualExchange exchange = ManualTelemetry.create(telemetry).start(requestInfo);
    try {
      HttpResponse<InputStream> answer =
          jdk.wrap(client, exchange.observation()).send(request, BodyHandlers.ofInputStream());
      exchange.responseStarted(answer.statusCode(), response::addHeader);
      try (InputStream body = answer.body();
          OutputStream out = exchange.wrapResponseBody(response.getOutputStream())) {
        body.transferTo(out);
      }
    } catch (IOException | InterruptedException cause) {
      exchange.fail(cause);
      throw cause;
    }
  }

  static HttpClient own(HttpClientTelemetry jdk, HttpClient client) {
    HttpClient billing = jdk.wrap(client); // each call is the root of a trace
    return billing;
  }

  static HttpClient tls(HttpClientTelemetry jdk, SSLContext sslContext) {
    HttpClient client = HttpClient.newBuilder().sslContext(jdk.wrap(sslContext)).build();
    return client;
  }

  private JdkSamples() {}
}
