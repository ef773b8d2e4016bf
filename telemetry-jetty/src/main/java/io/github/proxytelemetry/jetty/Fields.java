package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.ServerTiming;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MetaData;
import org.jspecify.annotations.Nullable;

/** How the back end reads and changes headers. What cannot be changed is left as it is. */
final class Fields implements HeaderAccess<HttpFields> {
  static final HeaderAccess<HttpFields> ACCESS = new Fields();

  /**
   * The headers of a response that is about to be sent. Jetty's own view of them is closed by then,
   * but what is below it is what is sent.
   */
  static HttpFields ofSent(MetaData.Response head) {
    HttpFields fields = head.getHttpFields();
    while (fields instanceof HttpFields.Mutable.Wrapper view) {
      fields = view.getWrapped();
    }
    return fields;
  }

  @Override
  public @Nullable String get(HttpFields headers, String name) {
    return headers.get(name);
  }

  @Override
  public void set(HttpFields headers, String name, String value) {
    if (headers instanceof HttpFields.Mutable mutable) {
      mutable.put(name, value);
    }
  }

  @Override
  public void add(HttpFields headers, String name, String value) {
    if (headers instanceof HttpFields.Mutable mutable) {
      if (name.equals(ServerTiming.HEADER)) {
        mutable.add(TimingFields.of(value));
      } else {
        mutable.add(name, value);
      }
    }
  }

  @Override
  public void remove(HttpFields headers, String name) {
    if (headers instanceof HttpFields.Mutable mutable) {
      mutable.remove(name);
    }
  }

  private Fields() {}
}
