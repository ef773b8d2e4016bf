package io.github.proxytelemetry.benchmarks;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Upstream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Recording the metrics of one proxied exchange without any adapter, and the same recordings made
 * with the SDK's synchronous instruments. One thread.
 */
public class BackEndBenchmark extends Measured {
  /**
   * How often the clock is read for an exchange: received, handling started, request sent, response
   * arrived, response sent.
   */
  private static final int CLOCK_READS = 5;

  private static final RequestInfo REQUEST = () -> "GET";
  private static final Upstream ORIGIN = Upstream.named("origin", "origin.test", 8080);

  /** The SDK, which all threads record into. */
  @State(Scope.Benchmark)
  public static class Shared {
    OwnSdk sdk;
    SdkInstruments instruments;

    /** Starts the SDK, and checks that both ways of recording arrive at its reader. */
    @Setup
    public void start() {
      sdk = OwnSdk.metricsOnly();
      instruments = new SdkInstruments(sdk.openTelemetry());
      DownstreamObservation connection = sdk.telemetry().startDownstreamConnection(null, null);
      record(connection);
      connection.end();
      for (Instrument instrument :
          new Instrument[] {
            Instrument.REQUESTS_TOTAL,
            Instrument.REQUESTS_BY_STATUS,
            Instrument.ATTEMPTS_TOTAL,
            Instrument.QUEUE_DURATION_SECONDS,
            Instrument.FIRST_BYTE_LATENCY_SECONDS,
            Instrument.PROCESSING_DURATION_SECONDS
          }) {
        String name = Recorder.name(instrument);
        Instrumentation.require(sdk.count(name) == 1, name);
      }
      instruments.recordCached();
      instruments.recordFresh();
      Instrumentation.require(sdk.count("benchmark_requests_total") == 2, "the SDK's counter");
      Instrumentation.require(sdk.count("benchmark_queue") == 2, "the SDK's histogram");
    }

    /** Stops the SDK. */
    @TearDown
    public void stop() {
      sdk.close();
    }
  }

  /** A client's connection, one for each thread. */
  @State(Scope.Thread)
  public static class Client {
    DownstreamObservation connection;

    /**
     * Opens it.
     *
     * @param shared the SDK
     */
    @Setup
    public void open(Shared shared) {
      connection = shared.sdk.telemetry().startDownstreamConnection(null, null);
    }

    /** Ends it. */
    @TearDown
    public void end() {
      connection.end();
    }
  }

  /**
   * Ours.
   *
   * @param client where the exchange takes place
   * @return the exchange
   */
  @Benchmark
  public Object proxyTelemetry(Client client) {
    return record(client.connection);
  }

  /**
   * The SDK's instruments, their attributes built before.
   *
   * @param shared the SDK
   * @param blackhole takes the time
   */
  @Benchmark
  public void sdkCachedAttributes(Shared shared, Blackhole blackhole) {
    clockReads(blackhole);
    shared.instruments.recordCached();
  }

  /**
   * The SDK's instruments, their attributes built each time.
   *
   * @param shared the SDK
   * @param blackhole takes the time
   */
  @Benchmark
  public void sdkFreshAttributes(Shared shared, Blackhole blackhole) {
    clockReads(blackhole);
    shared.instruments.recordFresh();
  }

  /**
   * The clock alone, which each of the others contains.
   *
   * @param blackhole takes the time
   */
  @Benchmark
  public void clockReads(Blackhole blackhole) {
    for (int i = 0; i < CLOCK_READS; i++) {
      blackhole.consume(System.nanoTime());
    }
  }

  static ExchangeObservation record(DownstreamObservation connection) {
    return record(connection.startExchange(REQUEST));
  }

  /** Everything after its start. */
  static ExchangeObservation record(ExchangeObservation exchange) {
    exchange.handlingStarted();
    exchange.requestEnd();
    AttemptObservation attempt = exchange.startAttempt(ORIGIN);
    attempt.connectionAcquired(true);
    attempt.requestStarted(REQUEST);
    attempt.requestBytes(32);
    attempt.requestEnd();
    attempt.responseStarted(200);
    exchange.responseStarted(200);
    attempt.responseBytes(64);
    exchange.responseBytes(64);
    attempt.responseEnd();
    exchange.responseEnd();
    return exchange;
  }
}
