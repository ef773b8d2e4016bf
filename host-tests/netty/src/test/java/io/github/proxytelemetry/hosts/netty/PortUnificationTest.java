package io.github.proxytelemetry.hosts.netty;

import java.net.http.HttpClient.Version;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The HTTP/1.1 scripts run on a port where the first bytes select the protocol. */
class PortUnificationTest extends NettyHostContract {
  private static Tls tls;

  PortUnificationTest() {
    super(
        (client, relays) ->
            client.pipeline().addLast(new PortUnificationHandler(tls.server(), relays)));
  }

  @BeforeAll
  static void createCertificate() throws Exception {
    tls = new Tls();
  }

  @Test
  void requestsOverTls() throws Exception {
    compare(new StreamScript(Version.HTTP_1_1, tls));
  }

  @Test
  void streamsOverTls() throws Exception {
    compare(new StreamScript(Version.HTTP_2, tls));
  }

  @Test
  void streamsWithPriorKnowledge() throws Exception {
    compare(new PriorKnowledgeScript());
  }

  @Test
  void requestsOverTls_whereAlpnSelects() throws Exception {
    shape = (client, relays) -> Http2Shapes.negotiated(tls.server(), client, relays);
    compare(new StreamScript(Version.HTTP_1_1, tls));
  }

  @Test
  void streamsOverTls_whereAlpnSelects() throws Exception {
    shape = (client, relays) -> Http2Shapes.negotiated(tls.server(), client, relays);
    compare(new StreamScript(Version.HTTP_2, tls));
  }
}
