package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Upstream;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** TLS context whose engines report their handshakes. */
final class ObservedSslContext extends SSLContextSpi {
  private final SSLContext context;
  private final ProxyTelemetry telemetry;
  private final PendingHandshakes handshakes;

  static SSLContext wrap(
      SSLContext context, ProxyTelemetry telemetry, PendingHandshakes handshakes) {
    if (context instanceof Decorator) {
      return context;
    }
    handshakes.enable();
    return new Decorator(context, new ObservedSslContext(context, telemetry, handshakes));
  }

  private ObservedSslContext(
      SSLContext context, ProxyTelemetry telemetry, PendingHandshakes handshakes) {
    this.context = context;
    this.telemetry = telemetry;
    this.handshakes = handshakes;
  }

  @Override
  protected SSLEngine engineCreateSSLEngine(String host, int port) {
    handshakes.endCollected();
    return new ObservedSslEngine(
        context.createSSLEngine(host, port),
        new ObservedHandshake(telemetry, Upstream.of(host, port), handshakes));
  }

  /** Not observed: an engine without an address has no upstream to report. */
  @Override
  protected SSLEngine engineCreateSSLEngine() {
    return context.createSSLEngine();
  }

  @Override
  protected void engineInit(
      KeyManager @Nullable [] keys, TrustManager @Nullable [] trust, @Nullable SecureRandom random)
      throws KeyManagementException {
    context.init(keys, trust, random);
  }

  @Override
  protected SSLSocketFactory engineGetSocketFactory() {
    return context.getSocketFactory();
  }

  @Override
  protected SSLServerSocketFactory engineGetServerSocketFactory() {
    return context.getServerSocketFactory();
  }

  @Override
  protected SSLSessionContext engineGetServerSessionContext() {
    return context.getServerSessionContext();
  }

  @Override
  protected SSLSessionContext engineGetClientSessionContext() {
    return context.getClientSessionContext();
  }

  @Override
  protected SSLParameters engineGetDefaultSSLParameters() {
    return context.getDefaultSSLParameters();
  }

  @Override
  protected SSLParameters engineGetSupportedSSLParameters() {
    return context.getSupportedSSLParameters();
  }

  private static final class Decorator extends SSLContext {
    Decorator(SSLContext context, ObservedSslContext observed) {
      super(observed, context.getProvider(), context.getProtocol());
    }
  }
}
