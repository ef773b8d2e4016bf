package io.github.proxytelemetry.httpclient;

import java.net.http.HttpClient;

/** Closes clients as JDK 21 and later can; the tests are compiled for JDK 17. */
final class Closing {
  /** The jar with the classes for JDK 21 is tested, not the directory without them. */
  static boolean isPossible() {
    String place = String.valueOf(Lifecycle.class.getResource("Lifecycle.class"));
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
