package io.github.proxytelemetry.netty;

import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Log of mistakes in a host's wiring, with one warning for each kind of mistake. */
final class MisuseLog {
  private final System.Logger logger;
  private final Set<String> logged = ConcurrentHashMap.newKeySet();

  MisuseLog(System.Logger logger) {
    this.logger = logger;
  }

  void noServerCodec() {
    once(
        "Requests are not observed: the pipeline of a client's connection never contained an"
            + " HttpServerCodec. Call installServer again after adding the codec.");
  }

  void notAFrameCodec() {
    once(
        "Requests over HTTP/2 are not observed: use an Http2FrameCodec, with an"
            + " Http2MultiplexHandler for a channel per stream.");
  }

  void notInstalled() {
    once(
        "An attempt is not observed: bind was called with a channel that has no HttpClientCodec, or"
            + " on which installUpstream was not called.");
  }

  /** A method that is called at run time was given {@code null}, so it did nothing. */
  void nullArgument(String call) {
    if (logged.add(call)) {
      logger.log(Level.WARNING, "Call ignored because an argument is null: " + call);
    }
  }

  private void once(String message) {
    if (logged.add(message)) {
      logger.log(Level.WARNING, message);
    }
  }
}
