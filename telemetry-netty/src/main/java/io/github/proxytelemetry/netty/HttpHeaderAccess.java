package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.ServerTiming;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * Access to the headers of HTTP/1.1 messages, for one call of the back end at a time. One instance
 * serves a channel.
 *
 * <p>A host may keep a response and write it many times. So a header added to it is removed again
 * after the codec, which is the next handler, has encoded it. Headers that are read-only, or
 * contain that header already, are copied instead.
 *
 * <p>The message is an argument and not a field, because storing it would trigger G1's post-write
 * barrier for each message.
 */
final class HttpHeaderAccess implements HeaderAccess<HttpMessage> {
  private boolean open;
  private boolean timingAdded;
  private @Nullable HttpMessage copy;

  /** Permits access until {@link #close}. */
  HttpHeaderAccess open() {
    open = true;
    return this;
  }

  /** Ends access. */
  void close() {
    open = false;
  }

  /** The given message or its copy. */
  HttpMessage current(HttpMessage message) {
    return copy == null ? message : copy;
  }

  /** Returns the message to be written, the given one or its copy, and forgets the copy. */
  Object takeMessage(Object message) {
    HttpMessage copied = copy;
    if (copied == null) {
      return message;
    }
    copy = null;
    return copied;
  }

  /** Whether {@link #removeAdded} must follow the write; resets to false. */
  boolean takeAdded() {
    boolean added = timingAdded;
    timingAdded = false;
    return added;
  }

  static void removeAdded(HttpMessage message) {
    message.headers().remove(ServerTimingHeaders.NAME);
  }

  @Override
  public @Nullable String get(HttpMessage message, String name) {
    return headers(message).get(name);
  }

  @Override
  public void set(HttpMessage message, String name, String value) {
    HttpHeaders headers = headers(message);
    try {
      headers.set(name, value);
    } catch (UnsupportedOperationException readOnly) {
      copy(message).set(name, value);
    }
  }

  @Override
  public void remove(HttpMessage message, String name) {
    HttpHeaders headers = headers(message);
    if (!headers.contains(name)) {
      return;
    }
    try {
      headers.remove(name);
    } catch (UnsupportedOperationException readOnly) {
      copy(message).remove(name);
    }
  }

  @Override
  public void add(HttpMessage message, String name, String value) {
    HttpHeaders headers = headers(message);
    boolean timing = name.equals(ServerTiming.HEADER);
    if (copy != null) {
      headers.add(name, value);
    } else if (!timing || headers.contains(ServerTimingHeaders.NAME)) {
      copy(message).add(name, value);
    } else {
      try {
        headers.add(ServerTimingHeaders.of(value));
        timingAdded = true;
      } catch (UnsupportedOperationException readOnly) {
        copy(message).add(name, value);
      }
    }
  }

  private HttpHeaders headers(HttpMessage message) {
    if (!open) {
      throw new IllegalStateException("Headers are used only during the call they are passed to");
    }
    return copy == null ? message.headers() : copy.headers();
  }

  private HttpHeaders copy(HttpMessage message) {
    HttpHeaders copied =
        DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    copied.add(message.headers());
    if (takeAdded()) {
      removeAdded(message);
    }
    copy = withHeaders(message, copied);
    return copied;
  }

  private static HttpMessage withHeaders(HttpMessage message, HttpHeaders headers) {
    if (message instanceof FullHttpResponse full) {
      return new DefaultFullHttpResponse(
          full.protocolVersion(), full.status(), full.content(), headers, full.trailingHeaders());
    }
    if (message instanceof HttpResponse response) {
      return new DefaultHttpResponse(response.protocolVersion(), response.status(), headers);
    }
    if (message instanceof FullHttpRequest full) {
      return new DefaultFullHttpRequest(
          full.protocolVersion(),
          full.method(),
          full.uri(),
          full.content(),
          headers,
          full.trailingHeaders());
    }
    HttpRequest request = (HttpRequest) message;
    return new DefaultHttpRequest(
        request.protocolVersion(), request.method(), request.uri(), headers);
  }
}
