package io.github.proxytelemetry.sdk;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Scrapes as Prometheus does. */
public final class Scraping {
  private Scraping() {}

  public static String get(InetSocketAddress address, String accept)
      throws IOException, InterruptedException {
    return send(address, "Accept", accept).body();
  }

  public static HttpResponse<String> send(InetSocketAddress address, String... headers)
      throws IOException, InterruptedException {
    String host = address.getAddress().getHostAddress();
    URI uri =
        URI.create(
            "http://"
                + (host.contains(":") ? "[" + host + "]" : host)
                + ":"
                + address.getPort()
                + "/metrics");
    HttpRequest request =
        HttpRequest.newBuilder(uri).headers(headers).timeout(Duration.ofSeconds(60)).build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }
}
