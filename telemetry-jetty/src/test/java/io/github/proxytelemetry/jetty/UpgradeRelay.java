package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.testing.ProxySettings;
import java.nio.ByteBuffer;
import java.util.Base64;
import org.eclipse.jetty.client.BufferingResponseListener;
import org.eclipse.jetty.client.HttpUpgrader;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Handler that forwards upgrades and relays the bytes after a 101, which Jetty's own proxy does
 * not.
 */
final class UpgradeRelay extends Handler.Abstract {
  private final ProxyHandler proxy;
  private final ProxySettings settings;

  UpgradeRelay(ProxyHandler proxy, ProxySettings settings) {
    this.proxy = proxy;
    this.settings = settings;
  }

  static HttpURI origin(Request request, ProxySettings settings) {
    return HttpURI.build(request.getHttpURI())
        .scheme(settings.upstreamTls() == null ? "http" : "https")
        .host(settings.originHost())
        .port(settings.originPort());
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (!extended(request)
        && request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_1_1) {
      return false;
    }
    boolean extended = extended(request);
    String protocol =
        extended
            ? request.getTunnelSupport().getProtocol()
            : request.getHeaders().get(HttpHeader.UPGRADE);
    if (protocol == null) {
      return false;
    }
    org.eclipse.jetty.client.Request upgrade =
        proxy
            .getHttpClient()
            .newRequest(origin(request, settings).toURI())
            .method(HttpMethod.GET)
            .version(HttpVersion.HTTP_1_1);
    JettyTelemetry.bind(upgrade, request);
    upgrade.attribute(
        HttpUpgrader.Factory.class.getName(),
        (HttpUpgrader.Factory) version -> new Switch(request, response, callback, extended));
    upgrade.headers(
        headers -> {
          for (HttpField field : request.getHeaders()) {
            headers.add(field);
          }
          headers.put(HttpHeader.UPGRADE, protocol);
          headers.put(HttpHeader.CONNECTION, "Upgrade");
          if (extended) {
            headers.put("Sec-WebSocket-Key", Base64.getEncoder().encodeToString(new byte[16]));
          }
        });
    upgrade.send(
        new BufferingResponseListener() {
          @Override
          public void onComplete(Result result) {
            refused(result, getContent(), request, response, callback);
          }
        });
    return true;
  }

  private static boolean extended(Request request) {
    return HttpMethod.CONNECT.is(request.getMethod());
  }

  private static void refused(
      Result result,
      byte @Nullable [] content,
      Request request,
      Response response,
      Callback callback) {
    int status = result.getResponse() == null ? 0 : result.getResponse().getStatus();
    if (status == HttpStatus.SWITCHING_PROTOCOLS_101) {
      return;
    }
    if (result.isFailed()) {
      Response.writeError(request, response, callback, HttpStatus.BAD_GATEWAY_502);
      return;
    }
    response.setStatus(status);
    response.write(true, content == null ? null : ByteBuffer.wrap(content), callback);
  }

  private record Switch(Request request, Response response, Callback callback, boolean extended)
      implements HttpUpgrader {
    @Override
    public void prepare(org.eclipse.jetty.client.Request upgrade) {}

    @Override
    public void upgrade(
        org.eclipse.jetty.client.Response switched, EndPoint upstream, Callback done) {
      EndPoint client =
          extended
              ? request.getTunnelSupport().getEndPoint()
              : request.getConnectionMetaData().getConnection().getEndPoint();
      Relay toUpstream = new Relay(client, request.getComponents().getExecutor(), upstream, true);
      request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, toUpstream);
      response.setStatus(extended ? HttpStatus.OK_200 : HttpStatus.SWITCHING_PROTOCOLS_101);
      if (!extended) {
        for (HttpField field : switched.getHeaders()) {
          response.getHeaders().put(field);
        }
      }
      callback.succeeded();
      done.succeeded();
    }
  }
}
