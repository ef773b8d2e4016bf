package io.github.proxytelemetry.httpclient;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.Message;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.impl.bootstrap.HttpAsyncServer;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.apache.hc.core5.http.nio.AsyncRequestConsumer;
import org.apache.hc.core5.http.nio.AsyncServerRequestHandler;
import org.apache.hc.core5.http.nio.entity.DiscardingEntityConsumer;
import org.apache.hc.core5.http.nio.entity.StringAsyncEntityProducer;
import org.apache.hc.core5.http.nio.support.BasicPushProducer;
import org.apache.hc.core5.http.nio.support.BasicRequestConsumer;
import org.apache.hc.core5.http.nio.support.BasicResponseProducer;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.config.H2Config;
import org.apache.hc.core5.http2.impl.nio.bootstrap.H2ServerBootstrap;
import org.apache.hc.core5.http2.ssl.H2ServerTlsStrategy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.ListenerEndpoint;

/** HTTP/2 server that pushes further responses with each response. */
final class PushingServer
    implements AutoCloseable, AsyncServerRequestHandler<Message<HttpRequest, Void>> {
  private final List<String> paths;
  private final HttpAsyncServer server;
  private final int port;

  PushingServer(SSLContext keys, String... paths) throws Exception {
    this.paths = List.of(paths);
    this.server =
        H2ServerBootstrap.bootstrap()
            .setVersionPolicy(HttpVersionPolicy.NEGOTIATE)
            .setTlsStrategy(new H2ServerTlsStrategy(keys))
            .setH2Config(H2Config.custom().setPushEnabled(true).build())
            .setCanonicalHostName("localhost")
            .register("*", this)
            .create();
    server.start();
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    ListenerEndpoint endpoint =
        server.listen(new InetSocketAddress(loopback, 0), URIScheme.HTTPS).get();
    this.port = ((InetSocketAddress) endpoint.getAddress()).getPort();
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    server.close(CloseMode.IMMEDIATE);
  }

  @Override
  public AsyncRequestConsumer<Message<HttpRequest, Void>> prepare(
      HttpRequest request, EntityDetails entity, HttpContext context) {
    return new BasicRequestConsumer<>(entity == null ? null : new DiscardingEntityConsumer<>());
  }

  @Override
  public void handle(
      Message<HttpRequest, Void> request, ResponseTrigger trigger, HttpContext context)
      throws HttpException, IOException {
    HttpHost host = new HttpHost("https", "localhost", port);
    for (String path : paths) {
      trigger.pushPromise(
          new BasicHttpRequest(Method.GET, host, path),
          context,
          new BasicPushProducer(
              new BasicHttpResponse(200), new StringAsyncEntityProducer("pushed " + path)));
    }
    trigger.submitResponse(
        new BasicResponseProducer(
            new BasicHttpResponse(200), new StringAsyncEntityProducer("asked for")),
        context);
  }
}
