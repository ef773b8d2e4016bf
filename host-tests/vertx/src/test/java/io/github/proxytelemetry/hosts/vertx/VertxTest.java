package io.github.proxytelemetry.hosts.vertx;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.hosts.Host;
import io.github.proxytelemetry.hosts.HostContract;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.httpproxy.HttpProxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

class VertxTest extends HostContract {
  @Override
  protected Host host() {
    return this::start;
  }

  HttpServer server(ObservedVertx observed, Vertx vertx) {
    return observed.server(vertx);
  }

  private Host.Running start(ProxyTelemetry telemetry, InetSocketAddress origin) {
    NettyTelemetry netty = NettyTelemetry.create(telemetry);
    // Until the next call, if there is one: another proxy of this process was observed before.
    netty.observeServers(client -> false);
    Vertx vertx = Vertx.vertx();
    ObservedVertx observed =
        new ObservedVertx(netty, Upstream.of(origin.getHostString(), origin.getPort()));
    HttpProxy proxy = HttpProxy.reverseProxy(observed.client(vertx)).origin(observed::request);
    HttpServer server = await(server(observed, vertx).requestHandler(proxy).listen(0, "127.0.0.1"));
    return new Host.Running() {
      @Override
      public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.actualPort());
      }

      @Override
      public void close() {
        await(vertx.close());
      }
    };
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }
}
