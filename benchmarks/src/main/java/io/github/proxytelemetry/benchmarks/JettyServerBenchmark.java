package io.github.proxytelemetry.benchmarks;

import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.jetty.JettyTelemetry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.jetty12.server.TimedHandler;
import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One request and its response on a connection of Jetty's that stays open, in memory. */
@State(Scope.Thread)
public class JettyServerBenchmark extends Measured {
  private static final int TRIALS = 2000;
  private static final int BODY = 64;

  /** What observes the server; the README explains each. */
  @Param({"none", "off", "metrics", "noServerTiming", "unsampled", "timedHandler"})
  public String mode;

  private final ByteBuffer request =
      BufferUtil.toBuffer(
          "GET /users/7?full=1 HTTP/1.1\r\nHost: proxy.test\r\nUser-Agent: benchmark/1\r\n\r\n");
  private final Server server = new Server();
  private final LocalConnector connector = new LocalConnector(server);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private DirectEndPoint connection;
  private @Nullable OwnSdk sdk;

  /** Starts the server, and checks that each request was counted. */
  @Setup
  public void start() throws Exception {
    server.addConnector(connector);
    server.setHandler(new Body());
    switch (mode) {
      case "none" -> {}
      case "off" ->
          JettyTelemetry.create(io.github.proxytelemetry.ProxyTelemetry.noop()).install(server);
      case "metrics", "noServerTiming", "unsampled" -> {
        sdk =
            switch (mode) {
              case "metrics" -> OwnSdk.metricsOnly();
              case "unsampled" -> OwnSdk.tracing(Sampling.never());
              default -> OwnSdk.withoutServerTiming();
            };
        JettyTelemetry.create(sdk.telemetry()).install(server);
      }
      case "timedHandler" -> {
        TimedHandler timed = new TimedHandler(registry, Tags.empty());
        timed.setHandler(server.getHandler());
        server.setHandler(timed);
      }
      default -> throw new IllegalArgumentException("mode: was \"" + mode + '"');
    }
    server.start();
    connection = DirectEndPoint.connect(connector);
    long written = 0;
    for (int i = 0; i < TRIALS; i++) {
      long after = exchange();
      Instrumentation.require(after - written > BODY, "no response");
      written = after;
    }
    if (sdk != null) {
      Instrumentation.require(
          sdk.count(Recorder.name(Instrument.REQUESTS_TOTAL)) >= TRIALS - 1, "requests");
      Instrumentation.require(
          sdk.count(
                  Recorder.name(Instrument.REQUESTS_TOTAL)
                      .replace("requests_total", "telemetry_late_calls_total"))
              == 0,
          "no late calls");
    } else if (mode.equals("timedHandler")) {
      Instrumentation.require(
          registry.find("jetty.server.requests").timers().stream().mapToLong(Timer::count).sum()
              >= TRIALS - 1,
          "requests");
    }
  }

  /** Stops what {@link #start} started. */
  @TearDown
  public void stop() throws Exception {
    connection.close();
    server.stop();
    if (sdk != null) {
      sdk.close();
    }
  }

  /**
   * One exchange.
   *
   * @return how many bytes of responses there have been
   */
  @Benchmark
  public long exchange() {
    return connection.work(request.slice());
  }

  /** A handler that keeps what it answers, so that telemetry is what is measured. */
  static final class Body extends Handler.Abstract.NonBlocking {
    private final ByteBuffer body = ByteBuffer.allocate(BODY).asReadOnlyBuffer();

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      response.write(true, body.slice(), callback);
      return true;
    }
  }
}
