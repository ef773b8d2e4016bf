package io.github.proxytelemetry.testing;

/** What origins do that never get to the end of an answer. */
final class Unfinished {
  /** A head, and half of its body. */
  static final String HALF = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello";

  private Unfinished() {}

  /** Reads the request, and does not answer until the proxy is gone. */
  static OriginScript silence() {
    return connection -> {
      connection.readRequest();
      connection.awaitEnd();
    };
  }

  /** Answers by {@link #HALF}, and waits until the proxy is gone. */
  static OriginScript half() {
    return connection -> {
      connection.readRequest();
      connection.send(HALF);
      connection.awaitEnd();
    };
  }
}
