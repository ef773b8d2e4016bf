package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.ServerTiming;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.AsciiString;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Access to the headers of HTTP/2 frames, for one call of the back end at a time. One instance
 * serves a connection. As with HTTP/1.1, a header added to a response is removed again after the
 * write, and read-only headers are copied.
 *
 * <p>Names are in lower case on the wire (RFC 9113, section 8.2).
 */
final class Http2HeaderAccess {
  private static final AsciiString SERVER_TIMING =
      AsciiString.cached(ServerTiming.HEADER.toLowerCase(Locale.ROOT));

  /** Stateless view for the back end. */
  static final HeaderAccess<Http2HeaderAccess> ACCESS = new Access();

  private @Nullable Http2HeadersFrame frame;
  private @Nullable Http2Headers headers;
  private @Nullable CharSequence added;

  /** Permits access to the headers of a frame until {@link #close}. */
  Http2HeaderAccess open(Http2HeadersFrame opened) {
    frame = opened;
    headers = opened.headers();
    return this;
  }

  /** Permits access to headers that are only read. */
  Http2HeaderAccess open(Http2Headers read) {
    headers = read;
    return this;
  }

  /** The frame to be written: the given one or its copy. */
  Http2HeadersFrame frame() {
    return Objects.requireNonNull(frame);
  }

  boolean isLast() {
    return frame().isEndStream();
  }

  /** Status of a response; 0 for trailers and for an invalid status. */
  int status() {
    return status(headers());
  }

  /** A status has three digits (RFC 9110, section 15); 0 for anything else. */
  static int status(Http2Headers headers) {
    CharSequence status = headers.status();
    if (status == null || status.length() != 3) {
      return 0;
    }
    int value = 0;
    for (int i = 0; i < 3; i++) {
      int digit = status.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return 0;
      }
      value = 10 * value + digit;
    }
    return value;
  }

  /**
   * Ends access. To be called before the frame is written.
   *
   * @return the header to remove after the write, if any
   */
  @Nullable CharSequence close() {
    CharSequence toRemove = added;
    added = null;
    frame = null;
    headers = null;
    return toRemove;
  }

  private Http2Headers headers() {
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

  private void add(CharSequence name, String value) {
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

  private Http2Headers copy() {
    Http2Headers copied = new DefaultHttp2Headers(false);
    copied.add(headers());
    if (added != null) {
      headers().remove(added);
      added = null;
    }
    Http2HeadersFrame original = frame();
    frame =
        new DefaultHttp2HeadersFrame(copied, original.isEndStream(), original.padding())
            .stream(original.stream());
    headers = copied;
    return copied;
  }

  private static final class Access implements HeaderAccess<Http2HeaderAccess> {
    @Override
    public @Nullable String get(Http2HeaderAccess head, String name) {
      CharSequence value = head.headers().get(name.toLowerCase(Locale.ROOT));
      return value == null ? null : value.toString();
    }

    @Override
    public boolean startsWith(Http2HeaderAccess head, String name, String prefix) {
      CharSequence value = head.headers().get(name.toLowerCase(Locale.ROOT));
      return value != null && AsciiString.regionMatches(value, true, 0, prefix, 0, prefix.length());
    }

    @Override
    public void set(Http2HeaderAccess head, String name, String value) {
      head.set(name.toLowerCase(Locale.ROOT), value);
    }

    @Override
    public void add(Http2HeaderAccess head, String name, String value) {
      head.add(
          name.equals(ServerTiming.HEADER) ? SERVER_TIMING : name.toLowerCase(Locale.ROOT), value);
    }

    @Override
    public void remove(Http2HeaderAccess head, String name) {
      head.remove(name.toLowerCase(Locale.ROOT));
    }
  }
}
