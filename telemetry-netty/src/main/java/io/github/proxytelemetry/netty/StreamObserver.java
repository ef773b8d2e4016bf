package io.github.proxytelemetry.netty;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Headers;

/** Observer of the frames of one HTTP/2 stream, and listener on the write that ends it. */
abstract class StreamObserver implements ChannelFutureListener {
  /** Headers after the stream's first ones were read: of a response, or trailers. */
  abstract void headersRead(Http2Headers headers, boolean last);

  abstract void dataRead(int bytes, boolean last);

  abstract void resetRead(long code);

  /** A part of a body is about to be written; returns the promise to write it with. */
  abstract ChannelPromise dataWritten(int bytes, boolean last, ChannelPromise promise);

  abstract void resetWritten(long code);

  /** A malformed frame was read, or one that is not allowed. */
  abstract void failed(Throwable cause);

  /** The stream was closed, after every frame of it was read and written. */
  abstract void closed();

  /** The connection was closed: frames that wait for flow control are lost. */
  abstract void connectionClosed();

  /** The host removed the handler; the outcome of the stream is unknown. */
  abstract void unobserved();

  /** Adds this observer to the promise of a frame that ends the stream. */
  final ChannelPromise listen(ChannelPromise promise) {
    return Promises.listen(promise, this);
  }
}
