package io.github.proxytelemetry.hosts.netty;

import io.github.proxytelemetry.testbed.TlsFixture;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;

/** Certificate of the proxy, which offers HTTP/2 and HTTP/1.1. */
final class Tls {
  private final TlsFixture certificate = TlsFixture.create();
  private final SslContext server =
      new JdkSslContext(
          certificate.server(),
          false,
          Http2SecurityUtil.CIPHERS,
          SupportedCipherSuiteFilter.INSTANCE,
          new ApplicationProtocolConfig(
              Protocol.ALPN,
              SelectorFailureBehavior.NO_ADVERTISE,
              SelectedListenerFailureBehavior.ACCEPT,
              ApplicationProtocolNames.HTTP_2,
              ApplicationProtocolNames.HTTP_1_1),
          ClientAuth.NONE,
          null,
          false);

  Tls() throws Exception {}

  SslContext server() {
    return server;
  }

  SSLContext client() throws IOException, GeneralSecurityException {
    return certificate.client();
  }
}
