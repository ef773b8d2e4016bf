package io.github.proxytelemetry.testing;

import java.io.IOException;

/** Behaviour of an origin for one request or one connection. */
@FunctionalInterface
public interface OriginScript {
  /**
   * Runs the script. Bytes that it does not read are taken as the next request.
   *
   * @param connection the proxy's connection
   * @throws IOException if the proxy has disconnected; the connection is then closed
   */
  void play(ScriptedOrigin.Connection connection) throws IOException;

  /**
   * Creates a script that reads the whole request and responds.
   *
   * @param response the response, byte for byte
   * @return the script
   */
  static OriginScript respond(String response) {
    return connection -> {
      connection.readRequest();
      connection.send(response);
    };
  }
}
