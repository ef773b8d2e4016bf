package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.sdk.export.Spans;
import io.github.proxytelemetry.testbed.FreePort;
import io.github.proxytelemetry.testbed.OtlpHttpReceiver;
import io.opentelemetry.api.metrics.LongCounter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A collector that is away for a while. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class OutageTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @Test
  void deliversWhatWasKept_whenTheCollectorComesUp() throws Exception {
    int port = FreePort.next();
    ProxyTelemetrySdk sdk =
        ProxyTelemetrySdk.builder("t")
            .otlp("http://127.0.0.1:" + port, otlp -> otlp.http().interval(Duration.ofMillis(50)))
            .build();
    LongCounter counter = sdk.openTelemetry().getMeter("t").counterBuilder("c").build();
    counter.add(3);
    Spans.end(sdk.openTelemetry(), 600);
    assertThat(sdk.flush(Duration.ofMillis(200)).status()).isEqualTo(Delivery.Status.TIMED_OUT);
    counter.add(4);
    try (OtlpHttpReceiver receiver = OtlpHttpReceiver.start(port)) {
      // By itself, without a flush.
      receiver
          .received()
          .await(LONG, received -> received.spans().size() == 600 && received.total("c") == 7);
      assertThat(sdk.close(LONG)).isEqualTo(Deliveries.delivered());
      assertThat(receiver.received().spans()).hasSize(600);
    }
  }
}
