package io.github.proxytelemetry.testing;

import java.io.IOException;

/** What an origin does with one request, or with one connection. */
@FunctionalInterface
public interface OriginScript {
  /**
   * Plays the script. What it does not read is the next request.
   *
   * @param connection the proxy's connection
   * @throws IOException if the proxy is gone, which ends the connection
   */
  void play(ScriptedOrigin.Connection connection) throws IOException;

  /**
   * Reads the whole request and answers.
   *
   * @param response the response, exactly as it is to be on the wire
   * @return the script
   */
  static OriginScript respond(String response) {
    return connection -> {
      connection.readRequest();
      connection.send(response);
    };
  }
}
