package io.github.proxytelemetry.hosts.reactor;

import io.github.proxytelemetry.hosts.Host;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.netty.http.HttpProtocol;

/** The HTTP/1.1 scripts run on a server that may also be upgraded to HTTP/2. */
class ReactorNettyH2cTest extends ReactorNettyTest {
  @Override
  protected Host host() {
    return (telemetry, origin) -> start(telemetry, origin, HttpProtocol.HTTP11, HttpProtocol.H2C);
  }

  @Test
  void streamsAfterAnUpgrade() throws Exception {
    compare(
        script -> {
          HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
          for (String path : List.of("/", "/large", "/missing", "/empty", "/echo")) {
            URI uri = URI.create("http://127.0.0.1:" + script.proxy().getPort() + path);
            HttpRequest.Builder request = HttpRequest.newBuilder(uri);
            if (path.equals("/echo")) {
              request.POST(BodyPublishers.ofString("x".repeat(100_000)));
            }
            HttpResponse<byte[]> response =
                client.send(request.build(), BodyHandlers.ofByteArray());
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
        });
  }
}
