package io.github.proxytelemetry.httpclient;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** What is told of an exchange of the JDK's server while its handler uses it. */
final class ServerExchange {
  private static final long CHUNKED = 0;

  final HttpExchange exchange;
  final HandledExchange observed;
  private @Nullable InputStream requestBody;
  private @Nullable OutputStream replacedBody;
  private @Nullable ResponseBody responseBody;
  private boolean started;

  ServerExchange(HttpExchange exchange, HandledExchange observed) {
    this.exchange = exchange;
    this.observed = observed;
  }

  InputStream getRequestBody() {
    if (requestBody == null) {
      requestBody = observed.requestBody(exchange.getRequestBody());
    }
    return requestBody;
  }

  /** The server has a stream for it before the head is sent; its length is known only then. */
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
    observed.responseStarted(status, exchange.getResponseHeaders(), ServerHeaders.ACCESS);
    boolean withoutBody = isWithoutBody(status, declared);
    if (!withoutBody && declared != CHUNKED && (responseBody != null || replacedBody == null)) {
      observedBody().declare(declared);
    }
    try {
      exchange.sendResponseHeaders(status, declared);
    } catch (IOException failure) {
      observed.aborted(failure);
      throw failure;
    }
    if (withoutBody) {
      observed.end();
    }
  }

  void close() {
    exchange.close();
    if (started) {
      observedBody().ended();
    } else {
      observed.failed(new IOException("The exchange was closed without a response"));
    }
  }

  private ResponseBody observedBody() {
    if (responseBody == null) {
      responseBody = new ResponseBody(exchange.getResponseBody(), observed);
    }
    return responseBody;
  }

  /** As the server has it: {@code HEAD} and these statuses have none, and −1 stands for none. */
  private boolean isWithoutBody(int status, long declared) {
    return declared < 0
        || status == 204
        || status == 304
        || (status >= 100 && status < 200)
        || exchange.getRequestMethod().equals("HEAD");
  }
}
