package io.github.proxytelemetry.benchmarks;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import org.openjdk.jmh.annotations.Benchmark;

/** One request and its response on a connection that stays open. */
public class NettyServerBenchmark extends PipelineBenchmark {
  // An array, because that is what is read: one made for each call would count as telemetry's as
  // soon as the compiler can no longer leave it out.
  private final Object[] request = {Messages.request()};
  private final EmbeddedChannel channel = new EmbeddedChannel();

  /**
   * One exchange.
   *
   * @return the response
   */
  @Benchmark
  public Object exchange() {
    return work();
  }

  @Override
  void open() {
    channel.pipeline().addLast(new HttpServerCodec());
    instrumentation.installServer(channel.pipeline());
    // It has shown where HTTP begins; without it, parsing does not drown what is measured.
    channel.pipeline().remove(HttpServerCodec.class);
    channel.pipeline().addLast(new Answer());
  }

  @Override
  Object work() {
    channel.writeInbound(request);
    return channel.readOutbound();
  }

  @Override
  void close() {
    channel.finishAndReleaseAll();
  }
}
