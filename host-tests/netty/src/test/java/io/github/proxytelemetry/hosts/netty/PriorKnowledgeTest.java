package io.github.proxytelemetry.hosts.netty;

import java.net.http.HttpClient.Version;
import org.junit.jupiter.api.Test;

/** The HTTP/1.1 scripts run on a server that HTTP/2 may also be spoken with at once. */
class PriorKnowledgeTest extends NettyHostContract {
  PriorKnowledgeTest() {
    super(Http2Shapes::upgradeOrPriorKnowledge);
  }

  @Test
  void streamsAfterAnUpgrade() throws Exception {
    compare(new StreamScript(Version.HTTP_2, null));
  }

  @Test
  void streamsWithPriorKnowledge() throws Exception {
    compare(new PriorKnowledgeScript());
  }

  @Test
  void streamsWithPriorKnowledge_whereThereIsNothingElse() throws Exception {
    shape = Http2Shapes::priorKnowledge;
    compare(new PriorKnowledgeScript());
  }
}
