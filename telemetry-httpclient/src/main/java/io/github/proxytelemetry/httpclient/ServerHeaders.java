package io.github.proxytelemetry.httpclient;

import com.sun.net.httpserver.Headers;
import io.github.proxytelemetry.HeaderAccess;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Access to the headers of the JDK's server. {@link Headers#put} stores the list that the host
 * passes, which may be read-only or shared between responses, so lists are replaced and never
 * written to. A {@code Headers} object that is read-only as a whole is left unchanged.
 */
enum ServerHeaders implements HeaderAccess<Headers> {
  ACCESS;

  @Override
  public @Nullable String get(Headers headers, String name) {
    // Headers.getFirst of JDK 17 throws for an empty list.
    List<String> values = headers.get(name);
    return values == null || values.isEmpty() ? null : values.get(0);
  }

  @Override
  public void set(Headers headers, String name, String value) {
    try {
      headers.set(name, value);
    } catch (UnsupportedOperationException readOnly) {
      // See the class comment.
    }
  }

  @Override
  public void add(Headers headers, String name, String value) {
    List<String> present = headers.get(name);
    List<String> values = new ArrayList<>(present == null ? 1 : present.size() + 1);
    if (present != null) {
      values.addAll(present);
    }
    values.add(value);
    try {
      headers.put(name, values);
    } catch (UnsupportedOperationException readOnly) {
      // See the class comment.
    }
  }

  @Override
  public void remove(Headers headers, String name) {
    try {
      headers.remove(name);
    } catch (UnsupportedOperationException readOnly) {
      // See the class comment.
    }
  }
}
