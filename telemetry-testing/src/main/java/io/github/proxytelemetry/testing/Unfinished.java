package io.github.proxytelemetry.testing;

/** Origin scripts that never complete a response. */
final class Unfinished {
  /** Response head and half of the body. */
  static final String HALF = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello";

  private Unfinished() {}

  /** Reads the request and never responds. */
  static OriginScript silence() {
    return connection -> {
      connection.readRequest();
      connection.awaitEnd();
    };
  }

  /** Sends {@link #HALF} and waits until the proxy disconnects. */
  static OriginScript half() {
    return connection -> {
      connection.readRequest();
      connection.send(HALF);
      connection.awaitEnd();
    };
  }
}
