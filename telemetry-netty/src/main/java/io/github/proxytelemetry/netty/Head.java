package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.HeaderAccess;
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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The head of a message, lent to the back end; one serves a channel.
 *
 * <p>A host may keep a response and write it again and again. So what is added to it is taken off
 * again once the codec, which stands next to us, has encoded it. Headers that cannot be changed,
 * and those that have such a header already, are copied instead.
 */
final class Head {
  /** How the back end reads and changes the headers. */
  static final HeaderAccess<Head> ACCESS = new Access();

  private @Nullable HttpMessage message;
  private @Nullable HttpHeaders headers;
  private @Nullable String added;

  Head lend(HttpMessage lent) {
    message = lent;
    headers = lent.headers();
    return this;
  }

  /** The message to be written: the one that was lent, or its copy. */
  HttpMessage message() {
    return Objects.requireNonNull(message);
  }

  /**
   * Ends the loan, before the message is written: writing may bring about the next one.
   *
   * @return the header to take off again when the message has been written, if there is one
   */
  @Nullable String giveBack() {
    String toRemove = added;
    added = null;
    message = null;
    headers = null;
    return toRemove;
  }

  private HttpHeaders headers() {
    return Objects.requireNonNull(
        headers, "Headers are used only during the call they are passed to");
  }

  private void set(String name, String value) {
    try {
      headers().set(name, value);
    } catch (UnsupportedOperationException readOnly) {
      copy().set(name, value);
    }
  }

  private void remove(String name) {
    if (!headers().contains(name)) {
      return;
    }
    try {
      headers().remove(name);
    } catch (UnsupportedOperationException readOnly) {
      copy().remove(name);
    }
  }

  private void add(String name, String value) {
    if (added != null || headers().contains(name)) {
      copy().add(name, value);
      return;
    }
    try {
      headers().add(name, value);
      added = name;
    } catch (UnsupportedOperationException readOnly) {
      copy().add(name, value);
    }
  }

  private HttpHeaders copy() {
    HttpHeaders copied =
        DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    copied.add(headers());
    if (added != null) {
      headers().remove(added);
      added = null;
    }
    message = withHeaders(message(), copied);
    headers = copied;
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

  private static final class Access implements HeaderAccess<Head> {
    @Override
    public @Nullable String get(Head head, String name) {
      return head.headers().get(name);
    }

    @Override
    public void set(Head head, String name, String value) {
      head.set(name, value);
    }

    @Override
    public void add(Head head, String name, String value) {
      head.add(name, value);
    }

    @Override
    public void remove(Head head, String name) {
      head.remove(name);
    }
  }
}
