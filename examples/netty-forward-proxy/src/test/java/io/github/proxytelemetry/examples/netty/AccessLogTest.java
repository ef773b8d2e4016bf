package io.github.proxytelemetry.examples.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testbed.OtlpGrpcReceiver;
import io.github.proxytelemetry.testbed.Program;
import io.github.proxytelemetry.testbed.TestOrigin;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The access log of a proxy, switched on by a variable, as the platform's console has it. */
class AccessLogTest {
  private static final String SECONDS = "_seconds=\\d+\\.\\d{6} ";
  private static final String TIMES =
      "duration" + SECONDS + "proxy" + SECONDS + "upstream" + SECONDS;

  @Test
  void hasALineAnExchange() throws Exception {
    try (TestOrigin origin = TestOrigin.start();
        OtlpGrpcReceiver collector = OtlpGrpcReceiver.start();
        ConfiguredFixture proxy =
            ConfiguredFixture.start(
                origin,
                Program.java(List.of(), ConfiguredProxy.class, "proxy"),
                Map.of(
                    "OTEL_EXPORTER_OTLP_ENDPOINT",
                    collector.endpoint(),
                    "PROXY_TELEMETRY_ACCESS_LOG",
                    "1.0"))) {
      proxy.getFromOrigin("/bytes?n=100000", ConfiguredFixture.NOT_SAMPLED);
      proxy.get(ProxyFixture.refused());
      proxy.tunnel("/hello");
      proxy.stop();

      List<String> lines =
          proxy.program.output().lines().filter(line -> line.contains("method=")).toList();
      assertThat(lines).hasSize(3);
      assertThat(lines.get(0))
          .matches(
              "INFO: method=GET status=200 "
                  + TIMES
                  + "request_bytes=0 response_bytes=100000"
                  + " trace_id=1af7651916cd43dd8448eb211c80319c");
      assertThat(lines.get(1))
          .matches(
              "INFO: method=GET status=502 "
                  + TIMES
                  + "request_bytes=0 response_bytes=\\d+ error=connection_refused side=upstream"
                  + " trace_id=[0-9a-f]{32}");
      assertThat(lines.get(2))
          .matches(
              "INFO: method=CONNECT status=200 " + TIMES + "tunnel=true trace_id=[0-9a-f]{32}");
    }
  }
}
