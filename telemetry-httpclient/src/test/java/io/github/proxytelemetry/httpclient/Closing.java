package io.github.proxytelemetry.httpclient;

import java.net.http.HttpClient;

/** Shutdown methods of JDK 21, called by reflection: the tests are compiled for JDK 17. */
final class Closing {
  /** Whether the tests run against the jar, which contains the classes for JDK 21. */
  static boolean isPossible() {
    String place = String.valueOf(ClientShutdown.class.getResource("ClientShutdown.class"));
    return Runtime.version().feature() >= 21 && place.startsWith("jar:");
  }

  static void close(HttpClient client) throws Exception {
    AutoCloseable.class.cast(client).close();
  }

  static Object call(HttpClient client, String method) throws Exception {
    return HttpClient.class.getMethod(method).invoke(client);
  }

  private Closing() {}
}
