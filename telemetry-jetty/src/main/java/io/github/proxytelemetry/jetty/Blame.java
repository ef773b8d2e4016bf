package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.EofException;
import org.jspecify.annotations.Nullable;

/**
 * What has gone wrong with an exchange so far, and whose fault it is. One failure makes others:
 * Jetty aborts the upstream's side because of the client's, and the client's because of the
 * upstream's, mostly with the very same exception. So what was seen first, at its source, counts.
 *
 * <p>Told by the threads of both sides.
 */
final class Blame {
  private final ExchangeObservation exchange;
  private volatile @Nullable Throwable client;
  private volatile boolean clientLeft;
  private volatile @Nullable Upstream upstream;
  private volatile @Nullable Throwable handler;

  Blame(ExchangeObservation exchange) {
    this.exchange = exchange;
  }

  /** The client is gone, or has cut off what it was sending. */
  void clientLeft(Throwable failure) {
    if (client == null && upstream == null) {
      client = failure;
      clientLeft = true;
      exchange.note(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, failure);
    }
  }

  /** The last write failed, or is about to: if nothing better is known at the end, it is this. */
  void suspectClient(Throwable failure) {
    if (client == null && upstream == null) {
      client = failure;
    }
  }

  void clientMalformed(Throwable failure) {
    if (client == null && upstream == null) {
      client = failure;
      exchange.note(Side.DOWNSTREAM, ProxyError.HTTP_REQUEST_ERROR, failure);
    }
  }

  void clientSlow(Throwable failure) {
    if (client == null && upstream == null) {
      client = failure;
      exchange.note(Side.DOWNSTREAM, ProxyError.CONNECTION_WRITE_TIMEOUT, failure);
    }
  }

  /** An attempt failed. It is the exchange's failure if the client gets nothing better. */
  void upstreamFailed(ProxyError error, Throwable failure) {
    upstream = new Upstream(error, failure);
  }

  /** Another attempt got its response. */
  void upstreamAnswered() {
    upstream = null;
  }

  /** A handler failed, and an error page is about to be written. */
  void handlerFailed(Throwable failure) {
    if (client == null && upstream == null) {
      handler = failure;
    }
  }

  /** Whether the client's doing makes the proxy give up. */
  boolean isClients() {
    return client != null;
  }

  boolean hasClientLeft() {
    return clientLeft;
  }

  /** The client gets an error: says whose it is. */
  void noteError() {
    Upstream failed = upstream;
    if (failed != null) {
      exchange.note(Side.UPSTREAM, failed.error, failed.failure);
    } else if (handler != null) {
      exchange.note(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, handler);
    }
  }

  /** The exchange ends without a whole response. */
  void fail(Throwable failure) {
    Upstream failed = upstream;
    if (client != null) {
      exchange.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, client);
    } else if (failed != null) {
      exchange.fail(Side.UPSTREAM, failed.error, failed.failure);
    } else if (failure instanceof EofException) {
      exchange.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, failure);
    } else if (failure instanceof TimeoutException) {
      exchange.fail(Side.PROXY, ProxyError.HTTP_RESPONSE_TIMEOUT, failure);
    } else {
      exchange.fail(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, failure);
    }
  }

  private record Upstream(ProxyError error, Throwable failure) {}
}
