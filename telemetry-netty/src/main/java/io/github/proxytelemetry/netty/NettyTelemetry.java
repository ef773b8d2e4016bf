package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells a {@link ProxyTelemetry} what a Netty proxy does over HTTP/1.1.
 *
 * <p>It puts its own handlers into the host's pipelines: one in the first place for the connection,
 * and one directly after the HTTP codec. They pass on every event as it came. Telemetry that is
 * {@linkplain ProxyTelemetry#isEnabled() off} installs none.
 *
 * <p>Every method returns at once and may be called from any thread, unless it says otherwise.
 * Installing a second time does nothing, except that it finds a codec that was added meanwhile: a
 * host that negotiates its protocol installs once in {@code initChannel} and once when it has added
 * the codec.
 */
public final class NettyTelemetry {
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
   * @param downstream the client's channel
   * @return the exchange, or one that does nothing where there is none
   */
  public static ExchangeObservation exchange(Channel downstream) {
    HttpServerHandler handler = downstream.attr(HttpServerHandler.KEY).get();
    return handler == null ? HttpServerHandler.NONE : handler.latest();
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
    ServerConnectionHandler handler = pipeline.get(ServerConnectionHandler.class);
    if (handler == null) {
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
   * @param pipeline the pipeline of the dialled channel
   * @param attempt what the connection is dialled for
   */
  public void installUpstream(ChannelPipeline pipeline, AttemptObservation attempt) {
    Objects.requireNonNull(pipeline, "pipeline");
    Objects.requireNonNull(attempt, "attempt");
    if (enabled && !completeInstall(pipeline)) {
      install(pipeline, new UpstreamConnectionHandler(attempt.startConnection(), attempt));
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
    if (enabled && !completeInstall(pipeline)) {
      install(
          pipeline,
          new UpstreamConnectionHandler(telemetry.startUpstreamConnection(upstream), null));
    }
  }

  /**
   * Says that the next request written on a connection from a pool belongs to an attempt. Call it
   * before writing that request, from the same thread.
   *
   * @param upstream the channel of the connection
   * @param attempt what its next request belongs to
   */
  public void bind(Channel upstream, AttemptObservation attempt) {
    if (!enabled) {
      return;
    }
    HttpClientHandler handler = upstream.pipeline().get(HttpClientHandler.class);
    if (handler == null) {
      attempt.connectionAcquired(true);
      if (upstream.isActive()) {
        misuse.notInstalled();
      } else {
        attempt.fail(Side.UPSTREAM, ProxyError.CONNECTION_TERMINATED, null);
      }
    } else if (upstream.eventLoop().inEventLoop()) {
      handler.bind(attempt);
    } else {
      upstream.eventLoop().execute(() -> handler.bind(attempt));
    }
  }

  private static boolean completeInstall(ChannelPipeline pipeline) {
    UpstreamConnectionHandler handler = pipeline.get(UpstreamConnectionHandler.class);
    if (handler == null) {
      return false;
    }
    handler.completeInstall(pipeline);
    return true;
  }

  private static void install(ChannelPipeline pipeline, UpstreamConnectionHandler handler) {
    pipeline.addFirst(handler);
    handler.completeInstall(pipeline);
  }
}
