package io.github.proxytelemetry.examples.gateway;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.httpclient.HttpClientTelemetry;
import io.github.proxytelemetry.httpclient.HttpServerTelemetry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.ExecutorService;

/** Listens, and answers {@code /profile/{id}} with what two origins know about someone. */
final class Gateway implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  private final ExecutorService threads = Threads.perRequest();
  private final HttpServer server;
  private final HttpClient client;
  private final HttpClientTelemetry upstreamTelemetry;
  private final URI users;
  private final URI orders;

  Gateway(InetSocketAddress listen, URI users, URI orders, ProxyTelemetry telemetry)
      throws IOException {
    this.users = users;
    this.orders = orders;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    this.upstreamTelemetry = // telemetry
        HttpClientTelemetry.builder(telemetry).upstreams(this::upstream).build();
    this.server = HttpServer.create(listen, 0);
    server.setExecutor(threads);
    HttpContext profiles = server.createContext("/profile/", this::handle);
    HttpServerTelemetry.create(telemetry).install(profiles); // telemetry
    server.start();
  }

  InetSocketAddress address() {
    return server.getAddress();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    var observation = HttpServerTelemetry.exchange(exchange); // telemetry
    observation.route("/profile/{id}"); // telemetry
    HttpClient upstream = upstreamTelemetry.wrap(client, observation); // telemetry
    new ProfileCall(exchange, observation, upstream).answer(users, orders);
  }

  private Upstream upstream(URI uri) {
    String name = uri.getAuthority().equals(users.getAuthority()) ? "users" : "orders";
    return Upstream.named(name, uri.getHost(), uri.getPort());
  }
}
