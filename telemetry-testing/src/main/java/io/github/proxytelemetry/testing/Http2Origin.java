package io.github.proxytelemetry.testing;

import java.io.IOException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * HTTP/2 side of the origin: with prior knowledge, or by TLS and ALPN where a host has no other.
 */
final class Http2Origin {
  private final AdapterCases cases;
  private final SSLContext keys = Keys.context();

  Http2Origin(AdapterCases cases) {
    this.cases = cases;
  }

  ProxySettings settings() {
    ProxySettings settings = cases.settings().withUpstreamHttp2();
    return cases.has(Capability.PRIOR_KNOWLEDGE) ? settings : settings.upstreamTls(keys);
  }

  RawHttp2 serve(ScriptedOrigin.Connection connection) throws IOException {
    if (!cases.has(Capability.PRIOR_KNOWLEDGE)) {
      connection.startTls(keys, false, Http2Origin::offerHttp2);
    }
    return RawHttp2.server(connection);
  }

  private static void offerHttp2(SSLSocket socket) {
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
  }
}
