package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.testing.ProxySettings;
import io.github.proxytelemetry.testing.ProxyUnderTest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpClientTransport;
import org.eclipse.jetty.client.HttpProxy;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.UpgradeProtocolHandler;
import org.eclipse.jetty.client.transport.HttpClientTransportDynamic;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Proxy built on Jetty, as a user would write it: {@code CONNECT}, upgrades, and a reverse proxy
 * for everything else. It calls telemetry only where a user has to.
 */
final class JettyProxyHost implements ProxyUnderTest {
  private static final Duration IDLE = Duration.ofSeconds(30);

  private final JettyTelemetry jetty;
  private final ProxySettings settings;
  private final Server server = new Server(threads());
  private final ServerConnector connector;
  private final Reverse proxy = new Reverse();

  private JettyProxyHost(ProxyTelemetry telemetry, ProxySettings settings) {
    this.jetty = JettyTelemetry.create(telemetry);
    this.settings = settings;
    this.connector = new ServerConnector(server, 1, 1, factories());
  }

  static JettyProxyHost start(ProxyTelemetry telemetry, ProxySettings settings) throws Exception {
    JettyProxyHost host = new JettyProxyHost(telemetry, settings);
    host.start();
    return host;
  }

  /** Thread pool that runs handlers on virtual threads where the JDK has them. */
  static QueuedThreadPool threads() {
    QueuedThreadPool threads = new QueuedThreadPool(24);
    threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
    return threads;
  }

  @Override
  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), connector.getLocalPort());
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }

  private void start() throws Exception {
    connector.setHost("127.0.0.1");
    connector.setIdleTimeout(
        (settings.handshakeTimeout() == null ? IDLE : settings.handshakeTimeout()).toMillis());
    server.addConnector(connector);
    Connect connect =
        new Connect(
            new Handler.Sequence(
                new Scripted(settings),
                new UpgradeRelay(proxy, settings),
                new Fetch(proxy, settings),
                proxy));
    connect.setConnectTimeout(settings.upstreamTimeout().toMillis());
    connect.setIdleTimeout(
        (settings.tunnelIdleTimeout() == null ? IDLE : settings.tunnelIdleTimeout()).toMillis());
    server.setHandler(connect);
    server.setStopTimeout(0);
    jetty.install(server);
    server.start();
  }

  private ConnectionFactory[] factories() {
    HttpConfiguration config = new HttpConfiguration();
    config.setIdleTimeout(IDLE.toMillis());
    config.addCustomizer(new SecureRequestCustomizer(false));
    HttpConnectionFactory http = new HttpConnectionFactory(config);
    SSLContext tls = settings.serverTls();
    if (tls == null) {
      HTTP2CServerConnectionFactory h2c = new HTTP2CServerConnectionFactory(config);
      h2c.setConnectProtocolEnabled(true);
      return new ConnectionFactory[] {http, h2c};
    }
    SslContextFactory.Server context = new SslContextFactory.Server();
    context.setSslContext(tls);
    context.setSniRequired(false);
    HTTP2ServerConnectionFactory h2 = new HTTP2ServerConnectionFactory(config);
    h2.setConnectProtocolEnabled(true);
    ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
    alpn.setDefaultProtocol(http.getProtocol());
    return new ConnectionFactory[] {
      new SslConnectionFactory(context, alpn.getProtocol()), alpn, h2, http
    };
  }

  private HttpClient newClient() {
    ClientConnector clientConnector = new ClientConnector();
    clientConnector.setSelectors(1);
    clientConnector.setConnectTimeout(settings.upstreamTimeout());
    SSLContext tls = settings.upstreamTls();
    if (tls != null) {
      SslContextFactory.Client context = new SslContextFactory.Client();
      context.setSslContext(tls);
      clientConnector.setSslContextFactory(context);
    }
    HttpClientTransport transport =
        settings.upstreamHttp2()
            ? new HttpClientTransportOverHTTP2(new HTTP2Client(clientConnector))
            : new HttpClientTransportDynamic(clientConnector);
    HttpClient client = jetty.install(new TelemetryHttpClient(transport));
    InetSocketAddress next = settings.nextProxy();
    if (next != null) {
      client
          .getProxyConfiguration()
          .addProxy(
              new HttpProxy(next.getHostString(), next.getPort()) {
                @Override
                public boolean requiresTunnel(Origin origin) {
                  return true;
                }
              });
    }
    return client;
  }

  /** Jetty answers 500 to every failed connect; a gateway answers 502 or 504. */
  private static final class Connect extends TelemetryConnectHandler {
    Connect(Handler handler) {
      super(handler);
    }

    @Override
    protected void onConnectFailure(
        Request request, Response response, Callback callback, Throwable failure) {
      super.onConnectFailure(request, new Gateway(response, failure), callback, failure);
    }
  }

  private final class Reverse extends ProxyHandler.Forward {
    @Override
    protected void doStart() throws Exception {
      super.doStart();
      getHttpClient().getProtocolHandlers().put(new UpgradeProtocolHandler());
    }

    @Override
    protected HttpClient newHttpClient() {
      return newClient();
    }

    @Override
    protected HttpURI rewriteHttpURI(Request request) {
      return UpgradeRelay.origin(request, settings);
    }

    @Override
    protected org.eclipse.jetty.client.Request newProxyToServerRequest(
        Request request, HttpURI uri) {
      org.eclipse.jetty.client.Request forwarded = super.newProxyToServerRequest(request, uri);
      forwarded.idleTimeout(settings.upstreamTimeout().toMillis(), TimeUnit.MILLISECONDS);
      Duration total = settings.totalTimeout();
      if (total != null) {
        forwarded.timeout(total.toMillis(), TimeUnit.MILLISECONDS);
      }
      if (request.getHeaders().contains(HttpHeader.TRAILER)) {
        forwarded.trailersSupplier(request::getTrailers);
      }
      request.addFailureListener(
          failure -> {
            var unused = forwarded.abort(failure);
          });
      return forwarded;
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
          HttpFields headers = received.getHeaders();
          // gRPC does not announce its trailers.
          if (isGrpc(headers) || headers.contains(HttpHeader.TRAILER)) {
            response.setTrailersSupplier(received::getTrailers);
          }
        }
      };
    }

    /** Jetty's handler takes an HTTP/2 request without a length for one without content. */
    @Override
    protected void sendProxyToServerRequest(
        Request request,
        org.eclipse.jetty.client.Request forwarded,
        Response response,
        Callback callback) {
      if (forwarded.getBody() == null && isGrpc(request.getHeaders())) {
        forwarded.body(newProxyToServerRequestContent(request, response, forwarded));
      }
      super.sendProxyToServerRequest(request, forwarded, response, callback);
    }

    private static boolean isGrpc(HttpFields headers) {
      String type = headers.get(HttpHeader.CONTENT_TYPE);
      return type != null && type.startsWith("application/grpc");
    }

    @Override
    protected void onServerToProxyResponseFailure(
        Request request,
        org.eclipse.jetty.client.Request forwarded,
        org.eclipse.jetty.client.Response received,
        Response response,
        Callback callback,
        Throwable failure) {
      super.onServerToProxyResponseFailure(
          request, forwarded, received, new Gateway(response, failure), callback, failure);
    }
  }

  /** Response that replaces the status set by Jetty. */
  private static final class Gateway extends Response.Wrapper {
    private final int status;

    Gateway(Response response, Throwable failure) {
      super(response.getRequest(), response);
      status =
          failure instanceof TimeoutException || failure instanceof java.net.SocketTimeoutException
              ? HttpStatus.GATEWAY_TIMEOUT_504
              : HttpStatus.BAD_GATEWAY_502;
    }

    @Override
    public void setStatus(int ignored) {
      super.setStatus(status);
      getHeaders().put(HttpHeader.CONNECTION, "close");
    }
  }
}
