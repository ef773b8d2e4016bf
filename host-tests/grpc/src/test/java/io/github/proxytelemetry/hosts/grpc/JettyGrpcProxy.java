package io.github.proxytelemetry.hosts.grpc;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.jetty.JettyTelemetry;
import io.github.proxytelemetry.jetty.TelemetryHttpClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/** Jetty's reverse proxy, with the lines that relay content and trailers of gRPC. */
final class JettyGrpcProxy implements GrpcProxy {
  private final Server server = new Server();
  private final ServerConnector connector;

  JettyGrpcProxy(ProxyTelemetry telemetry, InetSocketAddress origin) throws Exception {
    JettyTelemetry jetty = JettyTelemetry.create(telemetry);
    connector =
        new ServerConnector(
            server, 1, 1, new HTTP2CServerConnectionFactory(new HttpConfiguration()));
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(new Reverse(jetty, "127.0.0.1:" + origin.getPort()));
    server.setStopTimeout(0);
    jetty.install(server);
    server.start();
  }

  @Override
  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), connector.getLocalPort());
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception failure) {
      throw new AssertionError("the proxy did not stop", failure);
    }
  }

  private static final class Reverse extends ProxyHandler.Reverse {
    private final JettyTelemetry jetty;

    Reverse(JettyTelemetry jetty, String origin) {
      super(
          request ->
              HttpURI.build(request.getHttpURI()).scheme("http").authority(origin).asImmutable());
      this.jetty = jetty;
    }

    @Override
    protected HttpClient newHttpClient() {
      return jetty.install(
          new TelemetryHttpClient(new HttpClientTransportOverHTTP2(new HTTP2Client())));
    }

    @Override
    protected org.eclipse.jetty.client.Request newProxyToServerRequest(
        Request request, HttpURI target) {
      org.eclipse.jetty.client.Request forwarded = super.newProxyToServerRequest(request, target);
      forwarded.headers(headers -> headers.put(HttpHeader.TE, "trailers"));
      request.addFailureListener(
          failure -> {
            var unused = forwarded.abort(failure);
          });
      return forwarded;
    }

    /** Jetty's handler takes an HTTP/2 request without a length for one without content. */
    @Override
    protected void sendProxyToServerRequest(
        Request request,
        org.eclipse.jetty.client.Request forwarded,
        Response response,
        Callback callback) {
      if (forwarded.getBody() == null) {
        forwarded.body(newProxyToServerRequestContent(request, response, forwarded));
      }
      super.sendProxyToServerRequest(request, forwarded, response, callback);
    }

    @Override
    protected org.eclipse.jetty.client.Response.CompleteListener newServerToProxyResponseListener(
        Request request,
        org.eclipse.jetty.client.Request forwarded,
        Response response,
        Callback callback) {
      return new ProxyResponseListener(request, forwarded, response, callback) {
        @Override
        public void onHeaders(org.eclipse.jetty.client.Response received) {
          super.onHeaders(received);
          response.setTrailersSupplier(received::getTrailers);
        }
      };
    }
  }
}
