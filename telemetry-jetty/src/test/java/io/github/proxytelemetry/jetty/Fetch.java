package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.testing.ProxySettings;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.eclipse.jetty.client.BufferingResponseListener;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Handler that retries and hedges upstream requests, which Jetty's own proxy does not. */
final class Fetch extends Handler.Abstract {
  private final ProxyHandler proxy;
  private final ProxySettings settings;

  Fetch(ProxyHandler proxy, ProxySettings settings) {
    this.proxy = proxy;
    this.settings = settings;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (!HttpMethod.GET.is(request.getMethod())
        || (settings.retries() == 0 && !settings.hedged())) {
      return false;
    }
    new Fetching(request, response, callback).begin();
    return true;
  }

  private final class Fetching {
    private final Request request;
    private final Response response;
    private final Callback callback;
    private final List<org.eclipse.jetty.client.Request> open = new ArrayList<>();
    private int left = settings.retries();
    private boolean decided;

    Fetching(Request request, Response response, Callback callback) {
      this.request = request;
      this.response = response;
      this.callback = callback;
    }

    void begin() {
      ask();
      if (settings.hedged()) {
        ask();
      }
    }

    private void ask() {
      org.eclipse.jetty.client.Request asked =
          proxy.getHttpClient().newRequest(UpgradeRelay.origin(request, settings).toURI());
      JettyTelemetry.bind(asked, request);
      synchronized (this) {
        open.add(asked);
      }
      asked.send(
          new BufferingResponseListener() {
            @Override
            public void onHeaders(org.eclipse.jetty.client.Response received) {
              super.onHeaders(received);
              win(asked);
            }

            @Override
            public void onComplete(Result result) {
              if (ended(asked)) {
                if (result.isSucceeded()) {
                  answer(result.getResponse(), getContent());
                } else if (mayRetry()) {
                  ask();
                } else {
                  Response.writeError(request, response, callback, HttpStatus.BAD_GATEWAY_502);
                }
              }
            }
          });
    }

    private void win(org.eclipse.jetty.client.Request winner) {
      List<org.eclipse.jetty.client.Request> losers;
      synchronized (this) {
        if (decided) {
          return;
        }
        decided = true;
        losers = new ArrayList<>(open);
        losers.remove(winner);
        open.clear();
        open.add(winner);
      }
      for (org.eclipse.jetty.client.Request loser : losers) {
        var unused = loser.abort(new CancellationException("another was faster"));
      }
    }

    /** Whether this was the last open request, whose outcome decides the response. */
    private synchronized boolean ended(org.eclipse.jetty.client.Request one) {
      return open.remove(one) && open.isEmpty();
    }

    private synchronized boolean mayRetry() {
      return !decided && left-- > 0;
    }

    private void answer(org.eclipse.jetty.client.Response received, byte[] content) {
      response.setStatus(received.getStatus());
      for (HttpField field : received.getHeaders()) {
        if (field.getHeader() != HttpHeader.TRANSFER_ENCODING) {
          response.getHeaders().add(field);
        }
      }
      response.write(true, content == null ? null : ByteBuffer.wrap(content), callback);
    }
  }
}
