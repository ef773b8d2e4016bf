package io.github.proxytelemetry.httpclient;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Exchange of the JDK's server: reports the calls of its handler. */
final class ServerExchange {
  private static final long CHUNKED = 0;

  final HttpExchange exchange;
  final ManualExchange observed;
  private @Nullable InputStream requestBody;
  private @Nullable OutputStream replacedBody;
  private @Nullable ResponseBodyStream responseBody;
  private boolean started;

  ServerExchange(HttpExchange exchange, ManualExchange observed) {
    this.exchange = exchange;
    this.observed = observed;
  }

  InputStream getRequestBody() {
    if (requestBody == null) {
      requestBody = observed.wrapRequestBody(exchange.getRequestBody());
    }
    return requestBody;
  }

  /** Available before the head is sent, which is when the length becomes known. */
  OutputStream getResponseBody() {
    return replacedBody == null ? observedBody() : replacedBody;
  }

  void setStreams(@Nullable InputStream in, @Nullable OutputStream out) {
    exchange.setStreams(in, out);
    requestBody = in == null ? requestBody : in;
    replacedBody = out == null ? replacedBody : out;
  }

  void sendResponseHeaders(int status, long declared) throws IOException {
    if (started) {
      exchange.sendResponseHeaders(status, declared);
      return;
    }
    started = true;
    if (responseBody != null) {
      responseBody.awaitHead(false);
    }
    observed.responseStarted(status, exchange.getResponseHeaders(), ServerHeaders.ACCESS);
    boolean withoutBody = isWithoutBody(status, declared);
    if (!withoutBody && declared != CHUNKED && (responseBody != null || replacedBody == null)) {
      observedBody().declare(declared);
    }
    try {
      exchange.sendResponseHeaders(status, declared);
    } catch (IOException failure) {
      observed.abort(failure);
      throw failure;
    }
    if (withoutBody) {
      observed.end();
    }
  }

  void close() {
    exchange.close();
    if (started) {
      observedBody().closed();
    } else {
      observed.fail(new IOException("exchange closed without a response"));
    }
  }

  private ResponseBodyStream observedBody() {
    if (responseBody == null) {
      responseBody = new ResponseBodyStream(exchange.getResponseBody(), observed);
      responseBody.awaitHead(!started);
    }
    return responseBody;
  }

  /** The rule of the server: no body for {@code HEAD}, these statuses, and a length of −1. */
  private boolean isWithoutBody(int status, long declared) {
    return declared < 0
        || status == 204
        || status == 304
        || (status >= 100 && status < 200)
        || exchange.getRequestMethod().equals("HEAD");
  }
}
