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
 * How the back end reads and changes the head of a message; one serves a channel.
 *
 * <p>A host may keep a response and write it again and again. So what is added to it is taken off
 * again once the codec, which stands next to us, has encoded it. Headers that cannot be changed,
 * and those that have such a header already, are copied instead.
 *
 * <p>It holds no message, because a reference from an old object to a young one costs more than
 * most of what is done here.
 */
final class Head implements HeaderAccess<HttpMessage> {
  private boolean lent;
  private boolean timingAdded;
  private @Nullable HttpMessage copy;

  /** Begins a loan, which lasts for one call of the back end. */
  Head lend() {
    lent = true;
    return this;
  }

  /**
   * Ends the loan, before the message is written: writing may bring about the next one.
   *
   * @return the message to be written: the one that was lent, or its copy
   */
  HttpMessage giveBack(HttpMessage message) {
    HttpMessage copied = copy;
    lent = false;
    if (copied == null) {
      return message;
    }
    copy = null;
    return copied;
  }

  /** Whether {@link #takeOff} is to be called when the message has been written; asked once. */
  boolean hasAdded() {
    boolean added = timingAdded;
    timingAdded = false;
    return added;
  }

  static void takeOff(HttpMessage message) {
    message.headers().remove(TimingLines.NAME);
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
    } else if (!timing || headers.contains(TimingLines.NAME)) {
      copy(message).add(name, value);
    } else {
      try {
        headers.add(TimingLines.of(value));
        timingAdded = true;
      } catch (UnsupportedOperationException readOnly) {
        copy(message).add(name, value);
      }
    }
  }

  private HttpHeaders headers(HttpMessage message) {
    if (!lent) {
      throw new IllegalStateException("Headers are used only during the call they are passed to");
    }
    return copy == null ? message.headers() : copy.headers();
  }

  private HttpHeaders copy(HttpMessage message) {
    HttpHeaders copied =
        DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    copied.add(message.headers());
    if (hasAdded()) {
      takeOff(message);
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
