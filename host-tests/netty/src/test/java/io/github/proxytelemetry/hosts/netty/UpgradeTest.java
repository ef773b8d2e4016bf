package io.github.proxytelemetry.hosts.netty;

import java.net.http.HttpClient.Version;
import org.junit.jupiter.api.Test;

/** The HTTP/1.1 scripts run on a server that may also be upgraded to HTTP/2. */
class UpgradeTest extends NettyHostContract {
  UpgradeTest() {
    super(Http2Shapes::upgrade);
  }

  @Test
  void streamsAfterAnUpgrade() throws Exception {
    compare(new StreamScript(Version.HTTP_2, null));
  }
}
