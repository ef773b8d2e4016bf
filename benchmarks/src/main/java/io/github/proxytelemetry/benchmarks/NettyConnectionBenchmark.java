package io.github.proxytelemetry.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;

/** A connection is opened, carries one request, codec included, and is closed. */
public class NettyConnectionBenchmark extends PipelineBenchmark {
  private final byte[] request =
      "GET /users/7?full=1 HTTP/1.1\r\nHost: proxy.test\r\nUser-Agent: benchmark/1\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  /**
   * One connection.
   *
   * @return the response
   */
  @Benchmark
  public Object connection() {
    return work();
  }

  @Override
  Object work() {
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new ChannelInitializer<EmbeddedChannel>() {
              @Override
              protected void initChannel(EmbeddedChannel ch) {
                ch.pipeline().addLast(new HttpServerCodec());
                instrumentation.installServer(ch.pipeline());
                ch.pipeline().addLast(new Answer());
              }
            });
    channel.writeInbound(Unpooled.wrappedBuffer(request));
    ByteBuf response = channel.readOutbound();
    response.release();
    channel.finishAndReleaseAll();
    return response;
  }
}
