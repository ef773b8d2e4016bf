package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.HeaderAccess;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/** Access to the trailers of an HTTP/1.1 message. */
enum TrailerAccess implements HeaderAccess<HttpHeaders> {
  INSTANCE;

  /** Whether a message has trailers; most have none. */
  static boolean isNeeded(LastHttpContent last) {
    return last != LastHttpContent.EMPTY_LAST_CONTENT && !last.trailingHeaders().isEmpty();
  }

  @Override
  public @Nullable String get(HttpHeaders trailers, String name) {
    return trailers.get(name);
  }

  @Override
  public void set(HttpHeaders trailers, String name, String value) {
    trailers.set(name, value);
  }

  @Override
  public void add(HttpHeaders trailers, String name, String value) {
    trailers.add(name, value);
  }

  @Override
  public void remove(HttpHeaders trailers, String name) {
    if (!trailers.contains(name)) {
      return;
    }
    try {
      trailers.remove(name);
    } catch (UnsupportedOperationException readOnly) {
      // Netty's own trailers can be changed; a host's read-only ones are its own responsibility.
    }
  }
}
