package io.github.proxytelemetry.examples.netty;

import io.github.proxytelemetry.PathTemplate;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The example turned into a gateway: it has endpoints, and each has a backend. */
final class EndpointProxy implements AutoCloseable {
  private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
  private final OriginConnector origins;
  private final Channel server;

  /**
   * Starts one.
   *
   * @param endpoints such as {@code /users/{id}=localhost:8081,/hello=localhost:8082}
   */
  static EndpointProxy start(ProxyOptions options, ProxyTelemetry telemetry, String endpoints)
      throws InterruptedException {
    return new EndpointProxy(options, telemetry, endpoints);
  }

  private EndpointProxy(ProxyOptions options, ProxyTelemetry telemetry, String endpoints)
      throws InterruptedException {
    NettyTelemetry netty = NettyTelemetry.create(telemetry);
    origins = new Backends(netty, options);
    Map<String, String> backends = new LinkedHashMap<>();
    for (String endpoint : endpoints.split(",", -1)) {
      String[] parts = endpoint.split("=", 2);
      backends.put(parts[0], parts[1]);
    }
    server =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel client) {
                    client
                        .pipeline()
                        .addLast(new HttpServerCodec())
                        .addLast(new Endpoints(backends))
                        .addLast(new ClientHandler(origins));
                    netty.installServer(client.pipeline());
                  }
                })
            .bind("127.0.0.1", 0)
            .sync()
            .channel();
  }

  InetSocketAddress address() {
    return (InetSocketAddress) server.localAddress();
  }

  @Override
  public void close() {
    server.close().awaitUninterruptibly();
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    origins.close();
  }

  /** Knows its backends by their hosts, which nobody but the gateway chose. */
  private static final class Backends extends OriginConnector {
    Backends(NettyTelemetry telemetry, ProxyOptions options) {
      super(telemetry, options.blocked(), options.timeout());
    }

    @Override
    Upstream upstream(Destination destination) {
      return Upstream.named(destination.host(), destination.host(), destination.port());
    }
  }

  private static final class Endpoints extends ChannelInboundHandlerAdapter {
    private final Map<String, String> backends;

    Endpoints(Map<String, String> backends) {
      this.backends = backends;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ctx.fireChannelRead(message instanceof HttpRequest request ? routed(ctx, request) : message);
    }

    private HttpRequest routed(ChannelHandlerContext ctx, HttpRequest request) {
      for (Map.Entry<String, String> endpoint : backends.entrySet()) {
        if (PathTemplate.of(endpoint.getKey()).matches(request.uri())) {
          NettyTelemetry.exchange(ctx.channel()).route(endpoint.getKey());
          return new DefaultHttpRequest(
              request.protocolVersion(),
              request.method(),
              "http://" + endpoint.getValue() + request.uri(),
              request.headers());
        }
      }
      return request;
    }
  }
}
