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
 * Access to the headers of HTTP/1.1 messages, for one call of the back end at a time. An interface,
 * so that the handler that has the message is the access as well: an object of its own would be 24
 * bytes for each idle connection.
 *
 * <p>A host may keep a response and write it many times. So a header added to it is removed again
 * after the codec, which is the next handler, has encoded it. Headers that are read-only, or
 * contain that header already, are copied instead.
 *
 * <p>The message is an argument and not a field, because storing it would trigger G1's post-write
 * barrier for each message.
 */
interface HttpHeaderAccess extends HeaderAccess<HttpMessage> {
  /** Whether the call that the access is for has not returned yet. */
  boolean isOpen();

  /** The message to be written in place of the given one, if that could not be changed. */
  @Nullable HttpMessage copy();

  void setCopy(@Nullable HttpMessage message);

  /** Whether {@link #removeAdded} must follow the write. */
  boolean isTimingAdded();

  void setTimingAdded(boolean added);

  /** The given message or its copy. */
  default HttpMessage current(HttpMessage message) {
    HttpMessage copied = copy();
    return copied == null ? message : copied;
  }

  /** Returns the message to be written, the given one or its copy, and forgets the copy. */
  default Object takeMessage(Object message) {
    HttpMessage copied = copy();
    if (copied == null) {
      return message;
    }
    setCopy(null);
    return copied;
  }

  static void removeAdded(HttpMessage message) {
    message.headers().remove(ServerTimingHeaders.NAME);
  }

  @Override
  default @Nullable String get(HttpMessage message, String name) {
    return headersOf(message).get(HeaderNames.of(name));
  }

  @Override
  default void set(HttpMessage message, String name, String value) {
    HttpHeaders headers = headersOf(message);
    try {
      headers.set(HeaderNames.of(name), value);
    } catch (UnsupportedOperationException readOnly) {
      copyHeaders(message).set(name, value);
    }
  }

  @Override
  default void remove(HttpMessage message, String name) {
    HttpHeaders headers = headersOf(message);
    if (!headers.contains(HeaderNames.of(name))) {
      return;
    }
    try {
      headers.remove(name);
    } catch (UnsupportedOperationException readOnly) {
      copyHeaders(message).remove(name);
    }
  }

  @Override
  default void add(HttpMessage message, String name, String value) {
    HttpHeaders headers = headersOf(message);
    boolean timing = name.equals(ServerTiming.HEADER);
    if (copy() != null) {
      headers.add(name, value);
    } else if (!timing || headers.contains(ServerTimingHeaders.NAME)) {
      copyHeaders(message).add(name, value);
    } else {
      try {
        headers.add(ServerTimingHeaders.of(value));
        setTimingAdded(true);
      } catch (UnsupportedOperationException readOnly) {
        copyHeaders(message).add(name, value);
      }
    }
  }

  private HttpHeaders headersOf(HttpMessage message) {
    if (!isOpen()) {
      throw new IllegalStateException("Headers are used only during the call they are passed to");
    }
    return current(message).headers();
  }

  private HttpHeaders copyHeaders(HttpMessage message) {
    HttpHeaders copied =
        DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    copied.add(message.headers());
    if (isTimingAdded()) {
      setTimingAdded(false);
      removeAdded(message);
    }
    setCopy(withHeaders(message, copied));
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
