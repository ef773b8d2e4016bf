package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.ServerTiming;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MetaData;
import org.jspecify.annotations.Nullable;

/** Access to Jetty's headers. Immutable ones are left unchanged. */
final class HttpFieldsAccess implements HeaderAccess<HttpFields> {
  static final HeaderAccess<HttpFields> ACCESS = new HttpFieldsAccess();

  /**
   * The headers of a response that is about to be written. Jetty's view of them is read-only by
   * then, but the fields below it are the ones that are written.
   */
  static HttpFields ofSent(MetaData.Response head) {
    HttpFields fields = head.getHttpFields();
    while (fields instanceof HttpFields.Mutable.Wrapper view) {
      fields = view.getWrapped();
    }
    return fields;
  }

  /**
   * Reports an interim response; returns a copy with the changes, as its headers are the host's.
   */
  static MetaData.Response interim(MetaData.Response head, ExchangeObservation exchange) {
    HttpFields.Mutable headers = HttpFields.build(head.getHttpFields());
    exchange.informational(head.getStatus(), headers, ACCESS);
    return new MetaData.Response(
        head.getStatus(), head.getReason(), head.getHttpVersion(), headers);
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
        mutable.add(ServerTimingFields.of(value));
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

  private HttpFieldsAccess() {}
}
