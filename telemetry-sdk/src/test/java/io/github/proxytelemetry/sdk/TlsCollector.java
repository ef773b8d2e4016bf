package io.github.proxytelemetry.sdk;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManagerFactory;

/** A collector that wants a client certificate, and writes down whose it was at each export. */
public final class TlsCollector implements AutoCloseable {
  private static final Context.Key<BigInteger> SERIAL = Context.key("serial");

  private final List<BigInteger> serials = new CopyOnWriteArrayList<>();
  private final List<String> tokens = new CopyOnWriteArrayList<>();
  private final List<String> tenants = new CopyOnWriteArrayList<>();
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final KeyManagerFactory identity;
  private final TrustManagerFactory trust;
  private String endpoint;
  private Runnable stop;

  public enum Protocol {
    HTTP,
    GRPC;

    OtlpOptions selectIn(OtlpOptions otlp) {
      return this == HTTP ? otlp.http() : otlp.grpc();
    }
  }

  public static TlsCollector start(Protocol protocol, KeyStore identity, Path clientCa) {
    try {
      TlsCollector collector = new TlsCollector(identity, clientCa);
      if (protocol == Protocol.HTTP) {
        collector.startHttp();
      } else {
        collector.startGrpc();
      }
      return collector;
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private TlsCollector(KeyStore server, Path clientCa)
      throws GeneralSecurityException, IOException {
    identity = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    identity.init(server, Pki.PASSWORD.toCharArray());
    KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
    roots.load(null, null);
    roots.setCertificateEntry("ca", Pki.x509(clientCa));
    trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(roots);
  }

  public String endpoint() {
    return endpoint;
  }

  /** The serial number of the client's certificate at each export that arrived. */
  public List<BigInteger> serials() {
    return serials;
  }

  /** The {@code Authorization} of each export that arrived. */
  public List<String> tokens() {
    return tokens;
  }

  /** The {@code x-tenant} of each export that arrived. */
  public List<String> tenants() {
    return tenants;
  }

  @Override
  public void close() {
    stop.run();
    executor.shutdownNow();
  }

  private void startHttp() throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(identity.getKeyManagers(), trust.getTrustManagers(), null);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters wanted = context.getDefaultSSLParameters();
            wanted.setNeedClientAuth(true);
            parameters.setSSLParameters(wanted);
          }
        });
    server.setExecutor(executor);
    server.createContext("/v1/traces", this::traces);
    server.createContext("/v1/metrics", this::metrics);
    server.start();
    endpoint = "https://127.0.0.1:" + server.getAddress().getPort();
    stop = () -> server.stop(0);
  }

  private void traces(HttpExchange exchange) throws IOException {
    ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(body(exchange));
    answer(exchange, request.getResourceSpansCount());
  }

  private void metrics(HttpExchange exchange) throws IOException {
    ExportMetricsServiceRequest request = ExportMetricsServiceRequest.parseFrom(body(exchange));
    answer(exchange, request.getResourceMetricsCount());
  }

  private static InputStream body(HttpExchange exchange) throws IOException {
    InputStream body = exchange.getRequestBody();
    return "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))
        ? new GZIPInputStream(body)
        : body;
  }

  private void answer(HttpExchange exchange, int resources) throws IOException {
    if (resources == 1) {
      serials.add(serial(((HttpsExchange) exchange).getSSLSession()));
      tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      tenants.add(String.valueOf(exchange.getRequestHeaders().getFirst("x-tenant")));
    }
    exchange.sendResponseHeaders(resources == 1 ? 200 : 400, -1);
    exchange.close();
  }

  private void startGrpc() throws IOException {
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sslContext(
                // BoringSSL, the other provider, takes no Ed25519 certificates from clients.
                GrpcSslContexts.configure(SslContextBuilder.forServer(identity), SslProvider.JDK)
                    .trustManager(trust)
                    .clientAuth(ClientAuth.REQUIRE)
                    .build())
            .intercept(new PeerInterceptor())
            .addService(new Traces())
            .executor(executor)
            .build()
            .start();
    endpoint = "https://127.0.0.1:" + server.getPort();
    stop = server::shutdownNow;
  }

  private static BigInteger serial(SSLSession session) throws SSLPeerUnverifiedException {
    return ((X509Certificate) session.getPeerCertificates()[0]).getSerialNumber();
  }

  private final class PeerInterceptor implements ServerInterceptor {
    @Override
    public <T, R> ServerCall.Listener<T> interceptCall(
        ServerCall<T, R> call, Metadata headers, ServerCallHandler<T, R> next) {
      try {
        tokens.add(String.valueOf(headers.get(key("authorization"))));
        tenants.add(String.valueOf(headers.get(key("x-tenant"))));
        BigInteger serial = serial(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
        Context context = Context.current().withValue(SERIAL, serial);
        return Contexts.interceptCall(context, call, headers, next);
      } catch (SSLPeerUnverifiedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  private final class Traces extends TraceServiceGrpc.TraceServiceImplBase {
    @Override
    public void export(
        ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> response) {
      if (request.getResourceSpansCount() == 1) {
        serials.add(SERIAL.get());
      }
      response.onNext(ExportTraceServiceResponse.getDefaultInstance());
      response.onCompleted();
    }
  }
}
