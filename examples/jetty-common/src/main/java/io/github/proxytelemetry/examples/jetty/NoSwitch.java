package io.github.proxytelemetry.examples.jetty;

import org.eclipse.jetty.client.HttpResponseException;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.http.HttpStatus;

/** For requests that go on without the client's {@code Upgrade}. */
public final class NoSwitch {
  private NoSwitch() {}

  /** Takes a 101 for a failure: what would follow is in a protocol that nobody asked for. */
  public static Request accept(Request request) {
    return request.onResponseBegin(
        response -> {
          if (response.getStatus() == HttpStatus.SWITCHING_PROTOCOLS_101) {
            var unused = response.abort(new HttpResponseException("101 unasked", response));
          }
        });
  }
}
