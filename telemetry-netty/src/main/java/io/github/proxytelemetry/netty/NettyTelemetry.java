package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelObservation;
import io.github.proxytelemetry.Upstream;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.net.SocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells a {@link ProxyTelemetry} what a Netty proxy does over HTTP/1.1 and HTTP/2.
 *
 * <p>It puts its own handlers into the host's pipelines: one in the first place for the connection,
 * and one directly after the HTTP codec. They pass on every event as it came. Telemetry that is
 * {@linkplain ProxyTelemetry#isEnabled() off} installs none.
 *
 * <p>A connection of HTTP/2 is observed where its {@code Http2FrameCodec} is: in the pipeline of
 * the connection, for all of its streams. Installing on the channel of a stream leads there.
 *
 * <p>Every method returns at once and may be called from any thread, unless it says otherwise.
 * Installing a second time does nothing, except that it finds a codec that was added meanwhile.
 * Usually that is found without asking: where the host negotiates its protocol by ALPN, by an
 * upgrade, or by the first bytes that come.
 */
public final class NettyTelemetry {
  private static final TunnelObservation NO_TUNNEL = new TunnelObservation() {};

  private final ProxyTelemetry telemetry;
  private final boolean enabled;
  private final Misuse misuse = new Misuse();

  private NettyTelemetry(ProxyTelemetry telemetry) {
    this.telemetry = telemetry;
    this.enabled = telemetry.isEnabled();
  }

  /**
   * Connects a back end to Netty. One serves a whole process.
   *
   * @param telemetry the back end, which is {@linkplain ProxyTelemetry#guarded guarded} here
   * @return what installs the handlers
   */
  public static NettyTelemetry create(ProxyTelemetry telemetry) {
    return new NettyTelemetry(ProxyTelemetry.guarded(telemetry));
  }

  /**
   * The exchange whose request was read last on a client's connection. Ask for it while the request
   * is being read, on the channel's event loop, and keep it: with pipelining the next request may
   * be read before this one is answered.
   *
   * @param downstream the client's channel, or that of a stream of HTTP/2
   * @return the exchange, or one that does nothing where there is none
   */
  public static ExchangeObservation exchange(Channel downstream) {
    HttpServerHandler handler = http1(downstream);
    return handler == null ? Http2.exchange(downstream) : handler.latest();
  }

  /**
   * The tunnel that a client's connection or stream has become. Its bytes are counted as they pass
   * the pipeline; a host that moves bytes past it, by {@code splice} for instance, tells of those
   * bytes itself. Ask for it on the channel's event loop, after the answer was written.
   *
   * @param downstream the client's channel, or that of a stream of HTTP/2
   * @return the tunnel, or one that does nothing where there is none
   */
  public static TunnelObservation tunnel(Channel downstream) {
    HttpServerHandler handler = http1(downstream);
    ServerTunnel tunnel = handler == null ? Http2.tunnel(downstream) : handler.tunnel();
    return tunnel == null ? NO_TUNNEL : tunnel.observation();
  }

  /**
   * Says where a client really is, when the host trusts what stands between: call it with the
   * source that a load balancer told by the PROXY protocol, before the first request is read, on
   * the channel's event loop. Without this call the address is that of the connection.
   *
   * @param downstream the client's channel
   * @param client where the client is
   */
  public static void clientAddress(Channel downstream, SocketAddress client) {
    ServerConnectionHandler handler = downstream.pipeline().get(ServerConnectionHandler.class);
    if (handler != null) {
      handler.clientAddress(Objects.requireNonNull(client, "client"));
    }
  }

  /**
   * Tells what an exception means that was met while talking to an upstream: Netty's own first,
   * then {@linkplain ProxyError#of the JDK's}.
   *
   * @param failure what was thrown, or {@code null}
   * @return the error; {@link ProxyError#PROXY_INTERNAL_ERROR} for what is not known
   */
  public static ProxyError classify(@Nullable Throwable failure) {
    return Failures.classify(failure);
  }

  /**
   * Observes a client's connection and its requests. Call it in the last line of {@code
   * initChannel} of an accepted channel, when the TLS handler and the HTTP codec are in the
   * pipeline.
   *
   * @param pipeline the pipeline of the accepted channel
   */
  public void installServer(ChannelPipeline pipeline) {
    Objects.requireNonNull(pipeline, "pipeline");
    if (!enabled) {
      return;
    }
    Channel connection = Http2.connectionOf(pipeline.channel());
    if (connection != null) {
      installServer(connection.pipeline());
      return;
    }
    ServerConnectionHandler handler = pipeline.get(ServerConnectionHandler.class);
    if (handler == null) {
      if (!pipeline.channel().isOpen()) {
        return;
      }
      handler = new ServerConnectionHandler(telemetry, misuse);
      pipeline.addFirst(handler);
    }
    handler.completeInstall(pipeline);
  }

  /**
   * Observes a connection that is dialled for one attempt, and the request that is written on it.
   * Call it in the last line of {@code initChannel} of the dialled channel.
   *
   * <p>Without an HTTP codec in the pipeline, as for {@code CONNECT}, the attempt ends when the
   * connection, TLS included, is usable.
   *
   * <p>A host that gives up while the name is being looked up cancels the attempt before it closes
   * the channel: to Netty's handlers that looks the same as a name that was not found.
   *
   * <p>On the channel of a stream of HTTP/2, which is not dialled, it is the same as {@link #bind}.
   *
   * @param pipeline the pipeline of the dialled channel
   * @param attempt what the connection is dialled for
   */
  public void installUpstream(ChannelPipeline pipeline, AttemptObservation attempt) {
    Objects.requireNonNull(pipeline, "pipeline");
    Objects.requireNonNull(attempt, "attempt");
    if (!enabled) {
      return;
    }
    UpstreamConnectionHandler known = completeInstall(pipeline);
    if (known == null && isDialled(pipeline)) {
      install(pipeline, new UpstreamConnectionHandler(attempt.startConnection(), attempt, misuse));
    } else if (known == null || !known.isFor(attempt)) {
      bind(pipeline.channel(), attempt);
    }
  }

  /**
   * Observes a connection that is dialled for no particular attempt, such as one that warms up a
   * pool. Call it in the last line of {@code initChannel} of the dialled channel, and {@link #bind}
   * before each request.
   *
   * @param pipeline the pipeline of the dialled channel
   * @param upstream where the connection goes
   */
  public void installUpstream(ChannelPipeline pipeline, Upstream upstream) {
    Objects.requireNonNull(pipeline, "pipeline");
    Objects.requireNonNull(upstream, "upstream");
    if (enabled && completeInstall(pipeline) == null && isDialled(pipeline)) {
      install(
          pipeline,
          new UpstreamConnectionHandler(telemetry.startUpstreamConnection(upstream), null, misuse));
    }
  }

  /**
   * Says that the next request written on a connection from a pool, or on a new stream of HTTP/2,
   * belongs to an attempt. Call it before writing that request, from the same thread.
   *
   * @param upstream the channel of the connection or stream
   * @param attempt what its next request belongs to
   */
  public void bind(Channel upstream, AttemptObservation attempt) {
    if (!enabled) {
      return;
    }
    HttpClientHandler handler = upstream.attr(HttpClientHandler.KEY).get();
    if (handler == null) {
      if (!Http2.bind(upstream, attempt)) {
        bindToNothing(upstream, attempt);
      }
    } else if (upstream.eventLoop().inEventLoop()) {
      handler.bind(attempt);
    } else {
      upstream.eventLoop().execute(() -> handler.bind(attempt));
    }
  }

  /**
   * Says that what is written on an upstream's channel from here on comes out of the tunnel that a
   * client's connection or stream becomes. Its bytes are then counted when the network has taken
   * them, and those that are lost in a buffer are not. Without this call they are counted when they
   * are read from the client.
   *
   * <p>Call it on the client's event loop, before the answer that opens the tunnel is written. The
   * tunnel then ends when nothing of it is on its way to the upstream any more, also where the
   * client has left before; the end of the client's connection is told after that.
   *
   * <p>Without TLS that is exact to the byte. With TLS, and on a stream of HTTP/2, it is whole
   * writes; there one with a void promise counts at once.
   *
   * @param downstream the client's channel, or that of a stream of HTTP/2
   * @param upstream the channel that the tunnel's bytes are written on
   */
  public void bindTunnel(Channel downstream, Channel upstream) {
    Objects.requireNonNull(upstream, "upstream");
    Channel connection = Http2.connectionOf(downstream);
    ServerConnectionHandler client =
        (connection == null ? downstream : connection)
            .pipeline()
            .get(ServerConnectionHandler.class);
    if (client == null) {
      return;
    }
    TunnelOutlet outlet = new TunnelOutlet(client, upstream);
    HttpServerHandler handler = http1(downstream);
    if (handler == null) {
      Http2.bindTunnel(downstream, outlet);
    } else {
      handler.bindTunnel(outlet);
      outlet.install();
    }
  }

  private void bindToNothing(Channel upstream, AttemptObservation attempt) {
    attempt.connectionAcquired(true);
    if (upstream.isActive()) {
      misuse.notInstalled();
      attempt.end();
    } else {
      attempt.fail(Side.UPSTREAM, ProxyError.CONNECTION_TERMINATED, null);
    }
  }

  private static @Nullable HttpServerHandler http1(Channel downstream) {
    return downstream.attr(HttpServerHandler.KEY).get();
  }

  /** Neither the channel of a stream, nor one that is closed already. */
  private static boolean isDialled(ChannelPipeline pipeline) {
    return pipeline.channel().isOpen() && Http2.connectionOf(pipeline.channel()) == null;
  }

  private static @Nullable UpstreamConnectionHandler completeInstall(ChannelPipeline pipeline) {
    UpstreamConnectionHandler handler = pipeline.get(UpstreamConnectionHandler.class);
    if (handler != null) {
      handler.completeInstall(pipeline);
    }
    return handler;
  }

  private static void install(ChannelPipeline pipeline, UpstreamConnectionHandler handler) {
    pipeline.addFirst(handler);
    handler.completeInstall(pipeline);
  }
}
