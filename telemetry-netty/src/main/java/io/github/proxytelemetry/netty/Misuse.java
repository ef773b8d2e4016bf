package io.github.proxytelemetry.netty;

import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;

/** Says once what a host has put together wrongly. */
final class Misuse {
  private static final System.Logger LOGGER = System.getLogger(NettyTelemetry.class.getName());

  private final AtomicBoolean noServerCodec = new AtomicBoolean();
  private final AtomicBoolean notAFrameCodec = new AtomicBoolean();
  private final AtomicBoolean notInstalled = new AtomicBoolean();

  void noServerCodec() {
    once(
        noServerCodec,
        "Requests are not observed: a client's pipeline had no HttpServerCodec when installServer was"
            + " called, nor later. Call it again after adding the codec.");
  }

  void notAFrameCodec() {
    once(
        notAFrameCodec,
        "Requests over HTTP/2 are not observed: use an Http2FrameCodec, with an Http2MultiplexHandler"
            + " for a channel per stream.");
  }

  void notInstalled() {
    once(
        notInstalled,
        "An attempt is not observed: bind was called with a channel that has no HttpClientCodec, or"
            + " on which installUpstream was not called.");
  }

  private static void once(AtomicBoolean said, String message) {
    if (said.compareAndSet(false, true)) {
      LOGGER.log(Level.WARNING, message);
    }
  }
}
