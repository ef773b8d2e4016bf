package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelObservation;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.netty.bootstrap.ServerExtension;
import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Adapter that reports the traffic of a Netty proxy, over HTTP/1.1 and HTTP/2, to a {@link
 * ProxyTelemetry}.
 *
 * <p>It adds its own handlers to the host's pipelines: one in the first place for the connection,
 * and one directly behind the HTTP codec. They pass on every event unchanged. Where the telemetry
 * is {@linkplain ProxyTelemetry#isEnabled() off}, no handler is added.
 *
 * <p>An HTTP/2 connection is observed at its {@code Http2FrameCodec}, in the pipeline of the
 * connection, for all of its streams. Installing on the channel of a stream leads there.
 *
 * <p>A {@code CONNECT} may end in the proxy, which then reads requests in the tunnel. Each is an
 * exchange of its own on the same client connection, apart from that of the {@code CONNECT}, and
 * has its own attempts. The tunnel ends when the first of them is read.
 *
 * <p>Every method returns at once and may be called from any thread, unless documented otherwise. A
 * second installation has no effect, except that it finds a codec that was added meanwhile. Usually
 * that codec is found without a second call: after ALPN, after an upgrade, when the first bytes
 * select the protocol, and in place of a codec that was removed. It is needed where a codec takes
 * the place of the handler that is just passing bytes to it. A {@code null} argument is ignored,
 * with one warning in the log.
 */
public final class NettyTelemetry {
  private final ProxyTelemetry telemetry;
  private final boolean enabled;
  private final WarningLog log;

  private NettyTelemetry(ProxyTelemetry backEnd) {
    this.telemetry = ProxyTelemetry.guarded(backEnd);
    this.enabled = telemetry.isEnabled();
    this.log = new WarningLog(System.getLogger(NettyTelemetry.class.getName()), backEnd);
  }

  /**
   * Creates an adapter. One serves a whole process.
   *
   * @param telemetry the back end, which is {@linkplain ProxyTelemetry#guarded guarded} here
   * @return the adapter
   */
  public static NettyTelemetry create(ProxyTelemetry telemetry) {
    return new NettyTelemetry(telemetry);
  }

  /**
   * Returns the exchange whose request was read last on a client's connection. Call this while the
   * request is being read, on the channel's event loop, and keep the result: with pipelining the
   * next request may be read before this one is answered, and an exchange that is over is let go. A
   * framework that reads ahead, and hands out each request once the one before is answered, needs
   * {@link #exchangeToAnswer}.
   *
   * @param downstream the client's channel, or the channel of an HTTP/2 stream
   * @return the exchange, or one that ignores every call where there is none
   */
  public static ExchangeObservation exchange(Channel downstream) {
    if (downstream == null) {
      return Noop.EXCHANGE;
    }
    HttpServerHandler handler = http1(downstream);
    return handler == null ? Http2Support.exchange(downstream) : handler.exchange();
  }

  /**
   * Returns the exchange that the next response on a client's connection belongs to (RFC 9112,
   * section 9.3.2). Call this on the channel's event loop, before the response is written.
   *
   * @param downstream the client's channel, or the channel of an HTTP/2 stream
   * @return the exchange, the latest one while its request or response is under way, or one that
   *     ignores every call where there is none
   */
  public static ExchangeObservation exchangeToAnswer(Channel downstream) {
    HttpServerHandler handler = downstream == null ? null : http1(downstream);
    return handler == null ? exchange(downstream) : handler.exchangeToAnswer();
  }

  /**
   * Returns the tunnel that a client's connection or stream has become. Its bytes are counted as
   * they pass the pipeline; a host that relays bytes outside the pipeline, by {@code splice} for
   * instance, counts those bytes on the result. Call this on the channel's event loop, after the
   * response was written.
   *
   * @param downstream the client's channel, or the channel of an HTTP/2 stream
   * @return the tunnel, or one that ignores every call where there is none
   */
  public static TunnelObservation tunnel(Channel downstream) {
    if (downstream == null) {
      return Noop.TUNNEL;
    }
    HttpServerHandler handler = http1(downstream);
    ServerTunnel tunnel = handler == null ? Http2Support.tunnel(downstream) : handler.tunnel();
    return tunnel == null ? Noop.TUNNEL : tunnel.observation();
  }

  /**
   * Sets a client's real address, where the host trusts the load balancer in front: the source
   * address of the PROXY protocol. Call this before the first request is read, on the channel's
   * event loop. Otherwise the address is the peer address of the connection.
   *
   * @param downstream the client's channel
   * @param client the client's address
   */
  public static void clientAddress(Channel downstream, SocketAddress client) {
    ServerConnectionHandler handler =
        downstream == null ? null : downstream.pipeline().get(ServerConnectionHandler.class);
    if (handler != null && client != null) {
      handler.clientAddress(client);
    }
  }

  /**
   * Classifies an exception that occurred while talking to an upstream: Netty's own first, then
   * {@linkplain ProxyError#of the JDK's}.
   *
   * @param failure the exception, or {@code null}
   * @return the error; {@link ProxyError#PROXY_INTERNAL_ERROR} for an unknown exception
   */
  public static ProxyError classify(@Nullable Throwable failure) {
    return NettyErrors.classify(failure);
  }

  /**
   * Observes a client's connection and its requests. Call this in the last line of {@code
   * initChannel} of an accepted channel, when the TLS handler and the HTTP codec are in the
   * pipeline.
   *
   * @param pipeline the pipeline of the accepted channel
   */
  public void installServer(ChannelPipeline pipeline) {
    if (isOffOrNull(pipeline, "installServer(pipeline)")) {
      return;
    }
    Channel connection = Http2Support.connectionOf(pipeline.channel());
    if (connection != null) {
      installServer(connection.pipeline());
      return;
    }
    ServerConnectionHandler handler = pipeline.get(ServerConnectionHandler.class);
    if (handler == null) {
      if (!pipeline.channel().isOpen()) {
        return;
      }
      handler = new ServerConnectionHandler(telemetry, log);
      pipeline.addFirst(handler);
    }
    handler.completeInstall(pipeline);
  }

  /**
   * Observes the connections that any server of the process accepts from now on, for a host whose
   * {@code initChannel} belongs to a framework. A further call, on any adapter, replaces the
   * previous one.
   *
   * <p>Netty calls the library only if the system property {@value
   * ChannelInitializerExtension#EXTENSIONS_SYSTEM_PROPERTY} is {@code serviceload} before the first
   * server is bound.
   *
   * @param accepted whether to observe an accepted channel, by its local address for example; it is
   *     not registered yet, and has no handlers of the host; if it throws, the channel is not
   *     observed, which is logged once
   */
  public void observeServers(Predicate<? super Channel> accepted) {
    Objects.requireNonNull(accepted, "accepted");
    ServerExtension.observe(
        accepted, channel -> installServer(channel.pipeline()), log::notAccepted);
  }

  /**
   * Observes a connection that is dialled for one attempt, and the request that is written on it.
   * Call this in the last line of {@code initChannel} of the dialled channel.
   *
   * <p>Without an HTTP codec in the pipeline, as for {@code CONNECT}, the attempt ends when the
   * connection, TLS included, is usable.
   *
   * <p>A host that gives up during the name lookup must cancel the attempt before it closes the
   * channel; Netty's handlers cannot distinguish that from a name that was not found.
   *
   * <p>On the channel of an HTTP/2 stream, which is not dialled, this is the same as {@link #bind}.
   *
   * @param pipeline the pipeline of the dialled channel
   * @param attempt the attempt that the connection is dialled for
   */
  public void installUpstream(ChannelPipeline pipeline, AttemptObservation attempt) {
    if (isOffOrNull(pipeline, "installUpstream(pipeline, …)")
        || isOffOrNull(attempt, "installUpstream(…, attempt)")) {
      return;
    }
    UpstreamConnectionHandler known = UpstreamInstaller.complete(pipeline);
    if (known == null && UpstreamInstaller.isDialled(pipeline)) {
      UpstreamInstaller.install(pipeline, attempt.startConnection(), attempt, log);
    } else if (known == null || !known.isFor(attempt)) {
      bind(pipeline.channel(), attempt);
    }
  }

  /**
   * Observes a connection that is dialled for no particular attempt, such as one that warms up a
   * pool. Call this in the last line of {@code initChannel} of the dialled channel, and {@link
   * #bind} before each request.
   *
   * @param pipeline the pipeline of the dialled channel
   * @param upstream the destination of the connection
   */
  public void installUpstream(ChannelPipeline pipeline, Upstream upstream) {
    if (isOffOrNull(pipeline, "installUpstream(pipeline, …)")
        || isOffOrNull(upstream, "installUpstream(…, upstream)")) {
      return;
    }
    if (UpstreamInstaller.complete(pipeline) == null && UpstreamInstaller.isDialled(pipeline)) {
      UpstreamInstaller.install(pipeline, telemetry.startUpstreamConnection(upstream), null, log);
    }
  }

  /**
   * Binds the next request on a pooled connection, or on a new HTTP/2 stream, to an attempt. Call
   * this before writing that request, from the same thread.
   *
   * @param upstream the channel of the connection or stream
   * @param attempt the attempt that the next request belongs to
   */
  public void bind(Channel upstream, AttemptObservation attempt) {
    if (isOffOrNull(upstream, "bind(upstream, …)") || isOffOrNull(attempt, "bind(…, attempt)")) {
      return;
    }
    HttpClientHandler handler = upstream.attr(HttpClientHandler.KEY).get();
    if (handler == null) {
      if (!Http2Support.bind(upstream, attempt)) {
        bindUnobserved(upstream, attempt);
      }
    } else if (upstream.eventLoop().inEventLoop()) {
      handler.bind(attempt);
    } else {
      upstream.eventLoop().execute(() -> handler.bind(attempt));
    }
  }

  /**
   * Binds the tunnel that a client's connection or stream becomes to the channel that its bytes are
   * relayed to. Bytes from the client then count when the network towards the upstream has taken
   * them, and those lost in a buffer do not count. Without this call they count when they are read
   * from the client.
   *
   * <p>Call this on the client's event loop, before the response that opens the tunnel is written.
   * The tunnel then ends when no byte is on its way to the upstream any more, even if the client
   * has left before, and the client's connection ends after it.
   *
   * <p>The count is exact to the byte without TLS. With TLS and on an HTTP/2 stream it advances by
   * whole writes, and a write with a void promise counts at once.
   *
   * @param downstream the client's channel, or the channel of an HTTP/2 stream
   * @param upstream the channel that the tunnel's bytes are written to
   */
  public void bindTunnel(Channel downstream, Channel upstream) {
    if (isOffOrNull(downstream, "bindTunnel(downstream, …)")
        || isOffOrNull(upstream, "bindTunnel(…, upstream)")) {
      return;
    }
    TunnelInstaller.bind(downstream, upstream);
  }

  /** Methods that run for each connection or request must not fail it because of an argument. */
  private boolean isOffOrNull(@Nullable Object argument, String call) {
    if (enabled && argument == null) {
      log.nullArgument(call);
    }
    return !enabled || argument == null;
  }

  private void bindUnobserved(Channel upstream, AttemptObservation attempt) {
    attempt.connectionAcquired(true);
    if (upstream.isActive()) {
      log.notInstalled();
      attempt.end();
    } else {
      attempt.fail(Side.UPSTREAM, ProxyError.CONNECTION_TERMINATED, null);
    }
  }

  private static @Nullable HttpServerHandler http1(Channel downstream) {
    return downstream.attr(HttpServerHandler.KEY).get();
  }
}
