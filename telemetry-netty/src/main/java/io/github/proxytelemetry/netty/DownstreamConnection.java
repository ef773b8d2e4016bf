package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Side;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * State of a client's connection that the handlers in its pipeline share.
 *
 * <p>A back end ends a tunnel together with its connection. So the connection ends only after its
 * tunnels have, whose last bytes may still be on their way to an upstream.
 */
final class DownstreamConnection {
  private final ProxyTelemetry telemetry;
  private final WarningLog log;
  private @Nullable DownstreamObservation observation;
  private boolean secure;
  private boolean http2Expected;
  private @Nullable ProxyError error;
  private @Nullable Throwable cause;

  /** References of the channel and of its tunnels; {@code null} as long as there is no tunnel. */
  private @Nullable AtomicInteger references;

  DownstreamConnection(ProxyTelemetry telemetry, WarningLog log) {
    this.telemetry = telemetry;
    this.log = log;
  }

  WarningLog log() {
    return log;
  }

  /** The connection's observation, which is started by the first call. */
  DownstreamObservation observation(ChannelHandlerContext ctx) {
    DownstreamObservation current = observation;
    if (current == null) {
      current =
          telemetry.startDownstreamConnection(
              ctx.channel().localAddress(), ctx.channel().remoteAddress());
      observation = current;
      if (PipelineLookup.tls(ctx.pipeline()) == null) {
        current.established();
      }
    }
    return current;
  }

  /** The connection's observation, if it has been started. */
  @Nullable DownstreamObservation started() {
    return observation;
  }

  void clientAddress(SocketAddress address) {
    if (observation != null) {
      observation.clientAddress(address);
    }
  }

  /** Whether requests arrive over TLS. */
  boolean isSecure() {
    return secure;
  }

  void setSecure() {
    secure = true;
  }

  /** Requests arrive over TLS if there is a TLS handler by now. */
  void setSecure(ChannelPipeline pipeline) {
    secure |= PipelineLookup.tls(pipeline) != null;
  }

  /** Whether an upgrade to HTTP/2 was agreed on, so that its codec will be added. */
  boolean isHttp2Expected() {
    return http2Expected;
  }

  void expectHttp2(boolean expected) {
    http2Expected = expected;
  }

  /**
   * The TLS handshake failed. This is reported when the connection ends, because the alert that
   * follows counts as well. The first failure is the reason for any further one.
   */
  void handshakeFailed(ProxyError reason, @Nullable Throwable failure) {
    if (error == null) {
      error = reason;
      cause = failure;
    }
  }

  /** Defers the end until {@link #release}; called on the connection's event loop. */
  void retain() {
    if (references == null) {
      references = new AtomicInteger(1);
    }
    references.incrementAndGet();
  }

  /** Undoes one {@link #retain}, or the channel's own reference; called on any thread. */
  void release() {
    AtomicInteger held = references;
    if (observation == null || (held != null && held.decrementAndGet() > 0)) {
      return;
    }
    if (error == null) {
      observation.end();
    } else {
      observation.fail(Side.DOWNSTREAM, error, cause);
    }
  }
}
