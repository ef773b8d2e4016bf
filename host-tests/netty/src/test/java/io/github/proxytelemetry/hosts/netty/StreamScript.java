package io.github.proxytelemetry.hosts.netty;

import io.github.proxytelemetry.hosts.ClientScript;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests of the JDK's client: over HTTP/2 by an upgrade or ALPN, or over HTTP/1.1. */
record StreamScript(Version version, @Nullable Tls tls) implements ClientScript.Play {
  private static final List<String> PATHS =
      List.of("/", "/large", "/large-chunked", "/missing", "/empty", "/broken", "/echo", "/reset");

  @Override
  public void on(ClientScript script) throws Exception {
    HttpClient.Builder builder = HttpClient.newBuilder().version(version);
    if (tls != null) {
      builder.sslContext(tls.client());
    }
    HttpClient client = builder.build();
    for (String path : PATHS) {
      URI uri =
          URI.create(
              (tls == null ? "http" : "https") + "://127.0.0.1:" + script.proxy().getPort() + path);
      HttpRequest.Builder request = HttpRequest.newBuilder(uri);
      if (path.equals("/echo")) {
        request.POST(BodyPublishers.ofString("x".repeat(100_000)));
      }
      HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
      script.count(response.statusCode());
      script.record(
          response.version()
              + " "
              + response.statusCode()
              + " "
              + response.body().length
              + " "
              + Arrays.hashCode(response.body()));
    }
  }
}
