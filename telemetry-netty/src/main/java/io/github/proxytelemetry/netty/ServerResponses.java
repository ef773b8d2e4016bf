package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a channel that wait for their responses, which come in the same order (RFC 9112,
 * section 9.3.2), and the responses whose last byte has not left yet.
 */
final class ServerResponses {
  private final Departure departure;
  private final InFlight<ExchangeObservation, Kind> waiting = new InFlight<>();
  private final Departing<ExchangeObservation> finishing =
      new Departing<>(waiting::removed, this::finished);
  private @Nullable ExchangeObservation broken;
  private boolean responding;
  private boolean bodyless;
  private boolean interim;

  ServerResponses(Departure departure) {
    this.departure = departure;
  }

  void add(ExchangeObservation exchange, Kind kind) {
    waiting.add(exchange, kind);
  }

  /** The exchange whose request was read last, also when it has been answered. */
  @Nullable ExchangeObservation latest() {
    return waiting.latest();
  }

  /** The exchange that the next response belongs to. */
  @Nullable ExchangeObservation first() {
    return waiting.first();
  }

  @Nullable Kind firstKind() {
    return waiting.firstKey();
  }

  /** An interim response is written, in one message or with a last content to come. */
  void interim(int status, boolean complete) {
    interim = !complete;
    ExchangeObservation exchange = waiting.first();
    if (exchange != null) {
      exchange.informational(status);
    }
  }

  /** The head of the first exchange's response is written. */
  void started(boolean withoutBody) {
    interim = false;
    responding = true;
    bodyless = withoutBody;
  }

  /** The first exchange ends with its response's head, because a tunnel takes its place. */
  void switched() {
    responding = false;
    finishing.settle();
    waiting.removeFirst();
  }

  /** A part of a body is written; returns the promise to write it with. */
  ChannelPromise content(Object part, ChannelPromise promise) {
    LastHttpContent last = part instanceof LastHttpContent content ? content : null;
    if (interim) {
      interim = last == null;
      return promise;
    }
    ExchangeObservation exchange = responding ? waiting.first() : null;
    if (exchange == null) {
      return promise;
    }
    if (!bodyless) {
      long bytes = last == null ? Sizes.ofContent(part) : last.content().readableBytes();
      if (bytes > 0) {
        exchange.responseBytes(bytes);
      }
    }
    if (last == null) {
      return promise;
    }
    responding = false;
    finishing.settle();
    waiting.removeFirst();
    return finishing.add(promise);
  }

  /** What was written has been passed on. */
  void written() {
    finishing.written();
  }

  /** What was written has been flushed. */
  void flushed() {
    finishing.flushed();
  }

  /** The last byte of a response left, or never will. */
  private void finished(ExchangeObservation exchange, @Nullable Throwable cause) {
    if (cause == null) {
      exchange.responseEnd();
      return;
    }
    broken = exchange;
    if (cause instanceof IOException) {
      departure.interrupted(exchange, cause);
    } else {
      exchange.fail(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, cause);
    }
  }

  /** The connection is gone. */
  void interrupted() {
    for (ExchangeObservation e = remove(); e != null; e = remove()) {
      broken = e;
      departure.interrupted(e, departure.clientFailure());
    }
  }

  /** The host goes on without telemetry: how its requests end is not known. */
  void forgotten() {
    for (ExchangeObservation e = remove(); e != null; e = remove()) {
      broken = e;
      e.end();
    }
  }

  /** The rest of the request that was read last will not come; its response has ended already. */
  void uploadCutOff() {
    ExchangeObservation latest = waiting.latest();
    if (latest != null && latest != broken) {
      // With its response complete, nothing is missing but the rest of an upload.
      latest.end();
    }
  }

  private @Nullable ExchangeObservation remove() {
    ExchangeObservation oldest = finishing.removeFirst();
    return oldest == null ? waiting.removeFirst() : oldest;
  }
}
