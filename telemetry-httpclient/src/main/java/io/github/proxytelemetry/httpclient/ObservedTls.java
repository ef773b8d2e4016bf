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

/** A TLS context whose engines tell their handshakes. */
final class ObservedTls extends SSLContextSpi {
  private final SSLContext context;
  private final ProxyTelemetry telemetry;
  private final Handshakes handshakes;

  static SSLContext wrap(SSLContext context, ProxyTelemetry telemetry, Handshakes handshakes) {
    if (context instanceof Decorator) {
      return context;
    }
    handshakes.observe();
    return new Decorator(context, new ObservedTls(context, telemetry, handshakes));
  }

  private ObservedTls(SSLContext context, ProxyTelemetry telemetry, Handshakes handshakes) {
    this.context = context;
    this.telemetry = telemetry;
    this.handshakes = handshakes;
  }

  @Override
  protected SSLEngine engineCreateSSLEngine(String host, int port) {
    handshakes.endDropped();
    return new ObservedEngine(
        context.createSSLEngine(host, port),
        new ObservedHandshake(telemetry, Upstream.of(host, port), handshakes));
  }

  /** Without an address there is nobody to tell about. */
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
    Decorator(SSLContext context, ObservedTls observed) {
      super(observed, context.getProvider(), context.getProtocol());
    }
  }
}
