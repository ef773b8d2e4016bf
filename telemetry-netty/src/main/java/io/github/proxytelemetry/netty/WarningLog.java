package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.ProxyTelemetry;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Warnings about mistakes in a host's wiring and failures of the adapter itself, logged once for
 * each kind.
 */
final class WarningLog {
  private static final String NOT_A_FRAME_CODEC =
      "Requests over HTTP/2 are not observed: use an Http2FrameCodec, with an Http2MultiplexHandler"
          + " for a channel per stream.";

  private final System.Logger logger;
  private final ProxyTelemetry backEnd;
  private final Set<String> logged = ConcurrentHashMap.newKeySet();

  /**
   * @param backEnd counts failures of the adapter
   */
  WarningLog(System.Logger logger, ProxyTelemetry backEnd) {
    this.logger = logger;
    this.backEnd = backEnd;
  }

  void noServerCodec() {
    if (logged.contains(NOT_A_FRAME_CODEC)) {
      // It has a codec, and the reason why nothing is observed was given.
      return;
    }
    once(
        "Requests are not observed: the pipeline of a client's connection never contained an"
            + " HttpServerCodec. Call installServer again after adding the codec.");
  }

  void notAFrameCodec() {
    once(NOT_A_FRAME_CODEC);
  }

  void notInstalled() {
    once(
        "An attempt is not observed: bind was called with a channel that has no HttpClientCodec, or"
            + " on which installUpstream was not called.");
  }

  /** Only the class is logged, because the message may contain a user's data. */
  void notAccepted(Throwable thrown) {
    once(
        "Connections are not observed: the predicate of observeServers threw "
            + thrown.getClass().getName());
  }

  /** A method that is called at run time was given {@code null}, so it did nothing. */
  void nullArgument(String call) {
    if (logged.add(call)) {
      logger.log(Level.WARNING, "Call ignored because an argument is null: " + call);
    }
  }

  /**
   * The adapter's own code threw. The event is passed on unobserved. Only the class is logged,
   * because the message may contain a user's data.
   *
   * @throws VirtualMachineError if it is one: the process is ill, not the adapter
   */
  void adapterFailed(Throwable failure) {
    if (failure instanceof VirtualMachineError error) {
      throw error;
    }
    try {
      backEnd.swallowed(failure);
    } catch (RuntimeException | Error again) {
      // The back end could not count it; the log still shows it.
    }
    String type = failure.getClass().getName();
    if (logged.add(type)) {
      logger.log(Level.ERROR, "The Netty adapter failed with " + type + "; traffic is unaffected.");
    }
  }

  private void once(String message) {
    if (logged.add(message)) {
      logger.log(Level.WARNING, message);
    }
  }
}
