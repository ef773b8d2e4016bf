package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Headers of HTTP/2 frames, whose values are no strings. */
class Http2HeaderAccessTest {
  private static final int ROUNDS = 20_000;
  private static final String TYPE = "content-type";
  private static final String GRPC = "application/grpc";

  private final Http2HeaderAccess access = new Http2HeaderAccess();

  @Test
  void comparesTheBeginningOfAValue() {
    Http2Headers headers = new DefaultHttp2Headers().add(TYPE, "Application/gRPC+proto");
    assertThat(startsWith(headers, TYPE, GRPC)).isTrue();
    assertThat(startsWith(headers, "Content-Type", GRPC)).isTrue();
    assertThat(startsWith(headers, TYPE, "application/grpc-web")).isFalse();
    assertThat(startsWith(headers, TYPE, "application/grpc+proto+x")).isFalse();
    assertThat(startsWith(headers, "grpc-status", "")).isFalse();
  }

  @Test
  void makesNoString_ofAValueThatItCompares() {
    byte[] json = "application/json; charset=utf-8".getBytes(StandardCharsets.US_ASCII);
    Http2Headers[] read = new Http2Headers[2 * ROUNDS];
    for (int i = 0; i < read.length; i++) {
      // Of its own each time, because it caches the string that is made of it.
      read[i] = new DefaultHttp2Headers().add(TYPE, new AsciiString(json));
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < ROUNDS; i++) {
      startsWith(read[i], TYPE, GRPC);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = ROUNDS; i < 2 * ROUNDS; i++) {
      startsWith(read[i], TYPE, GRPC);
    }
    // Rounded down, so that what the runtime does now and then does not count.
    assertThat((threads.getCurrentThreadAllocatedBytes() - before) / ROUNDS).isZero();
  }

  private boolean startsWith(Http2Headers headers, String name, String prefix) {
    boolean starts = Http2HeaderAccess.ACCESS.startsWith(access.open(headers), name, prefix);
    access.close();
    return starts;
  }
}
