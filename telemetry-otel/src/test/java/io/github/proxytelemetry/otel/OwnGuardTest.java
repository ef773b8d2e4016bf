package io.github.proxytelemetry.otel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.otel.tracing.SpanHints;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Exchanges and attempts have no guard around them, so they have to be one. */
class OwnGuardTest {
  private static final ConnectionPhase PHASE = ConnectionPhase.SOCKET_CONNECT;

  private static final List<Consumer<ExchangeObservation>> EXCHANGE_CALLS =
      List.of(
          exchange -> exchange.route("/"),
          ExchangeObservation::handlingStarted,
          exchange -> exchange.requestBytes(1),
          ExchangeObservation::requestEnd,
          exchange -> exchange.informational(103),
          exchange -> exchange.responseStarted(200),
          exchange -> exchange.responseBytes(1),
          ExchangeObservation::responseEnd,
          exchange -> exchange.note(Side.PROXY, ProxyError.HTTP_REQUEST_DENIED, null),
          exchange -> exchange.startAttempt(Bench.ORIGIN).startConnection().enter(PHASE),
          exchange -> exchange.startTunnel(TunnelKind.CONNECT).bytesToDownstream(1),
          exchange -> exchange.activate().close(),
          ExchangeObservation::traceId,
          ExchangeObservation::spanId,
          ExchangeObservation::end,
          ExchangeObservation::discard,
          exchange -> exchange.fail(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, null));

  private static final List<Consumer<AttemptObservation>> ATTEMPT_CALLS =
      List.of(
          attempt -> attempt.startConnection().enter(PHASE),
          attempt -> attempt.connectionAcquired(false),
          attempt -> attempt.route("/"),
          attempt -> attempt.activate().close(),
          attempt -> attempt.inject(new Headers(), Headers.ACCESS),
          attempt -> attempt.requestStarted(Request.GET),
          attempt -> attempt.requestBytes(1),
          AttemptObservation::requestEnd,
          attempt -> attempt.informational(103),
          attempt -> attempt.responseStarted(200),
          attempt -> attempt.responseBytes(1),
          attempt -> attempt.responseReceived(200, 1),
          attempt -> attempt.responseRestReceived(1),
          AttemptObservation::responseEnd,
          AttemptObservation::end,
          AttemptObservation::cancel,
          attempt -> attempt.fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null));

  private final AtomicBoolean broken = new AtomicBoolean();
  private final Bench bench = Bench.traced();
  private final OtelProxyTelemetry telemetry =
      OtelProxyTelemetry.builder(bench.sdk()).layers(Layers.all()).clock(this::nanoTime).build();

  @Test
  void throwsNothing_whateverIsToldToAnExchange() {
    for (Consumer<ExchangeObservation> call : EXCHANGE_CALLS) {
      ProxyTelemetry guarded = ProxyTelemetry.guarded(telemetry);
      DownstreamObservation client = guarded.startDownstreamConnection(null, null);
      ExchangeObservation exchange = client.startExchange(Request.GET);
      broken.set(true);
      call.accept(exchange);
      call.accept(exchange);
      client.end();
      broken.set(false);
    }
    assertThat(swallowed()).isPositive();
  }

  @Test
  void throwsNothing_whateverIsToldToAnAttempt() {
    for (Consumer<AttemptObservation> call : ATTEMPT_CALLS) {
      ProxyTelemetry guarded = ProxyTelemetry.guarded(telemetry);
      AttemptObservation ofExchange = guarded.startExchange(Request.GET).startAttempt(Bench.ORIGIN);
      AttemptObservation ofHost = guarded.startAttempt(Bench.ORIGIN);
      broken.set(true);
      call.accept(ofExchange);
      call.accept(ofHost);
      broken.set(false);
    }
    assertThat(swallowed()).isPositive();
  }

  /** STRICT removes headers also from interim responses and trailers, by accessors of the host. */
  @Test
  void throwsNothing_whereHeadersCannotBeRemoved() {
    Bench strict = Bench.with(Sampling.always(), options -> options.privacy(Privacy.STRICT));
    HeaderAccess<Headers> access =
        ThrowingHook.REMOVING_HEADERS.access(new Sneaky(new StackOverflowError()));
    Headers headers = new Headers().with("traceparent", "1").with("baggage", "2");
    ExchangeObservation exchange = strict.telemetry.startExchange(Request.GET);
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.requestTrailers(headers, access);
    attempt.end();
    exchange.informational(103, headers, access);
    exchange.responseStarted(200, headers, access);
    exchange.responseTrailers(headers, access);
    exchange.end();
    assertThat(strict.telemetry.faults().errors()).isEqualTo(4);
    assertThat(strict.total(Instrument.REQUESTS_TOTAL)).isOne();
  }

  @Test
  void countsARequest_whoseMethodCannotBeRead() {
    for (RequestInfo request : List.<RequestInfo>of(Unreadable.METHOD, Unreadable.SCHEME)) {
      Bench bench = Bench.layered(MetricNaming.SEMCONV, Layers.all());
      DownstreamObservation client = bench.telemetry.startDownstreamConnection(null, null);
      ExchangeObservation exchange = client.startExchange(request);
      exchange.responseStarted(200);
      exchange.end();
      client.end();
      assertThat(bench.count(Instrument.REQUEST_DURATION_SECONDS)).isOne();
      assertThat(bench.telemetry.faults().errors()).isOne();
    }
  }

  private enum Unreadable implements RequestInfo {
    METHOD {
      @Override
      public String method() {
        throw new StackOverflowError();
      }
    },
    SCHEME {
      @Override
      public String scheme() {
        throw new StackOverflowError();
      }
    };

    @Override
    public String method() {
      return "GET";
    }
  }

  @Test
  void startsNothing_whileErrorsKeepComing() {
    for (int i = 0; i < 101; i++) {
      telemetry.swallowed(new IllegalStateException());
    }
    assertThat(telemetry.faults().errors()).isEqualTo(101);
    assertThat(telemetry.faults().guardTripped()).isTrue();
    ProxyTelemetry off = ProxyTelemetry.noop();
    assertThat(telemetry.startExchange(Request.GET)).isSameAs(off.startExchange(Request.GET));
    assertThat(telemetry.startAttempt(Bench.ORIGIN)).isSameAs(off.startAttempt(Bench.ORIGIN));
    // The connection may outlive the pause, and is observed.
    assertThat(telemetry.startDownstreamConnection(null, null).startExchange(Request.GET))
        .isSameAs(off.startExchange(Request.GET));
  }

  /** A processor of the host's SDK runs inside of our calls. */
  @Test
  void countsExactly_whereTheHostsSpanProcessorThrows() {
    Bench hostile =
        new Bench(
            Sampling.always(),
            SdkTracerProvider.builder().addSpanProcessor(new ThrowingProcessor()),
            SpanHints.NONE,
            MetricNaming.PRIVACY_PROXY,
            options -> options.layers(Layers.all()));
    Traffic.drive(hostile.telemetry);
    assertThat(hostile.telemetry.faults().errors()).isPositive();
    assertThat(hostile.total(Instrument.REQUESTS_TOTAL)).isEqualTo(4);
    assertThat(hostile.total(Instrument.REQUESTS_BY_STATUS)).isEqualTo(4);
    assertThat(hostile.total(Instrument.REQUESTS_IN_PROGRESS)).isZero();
    assertThat(hostile.total(Instrument.TUNNELS_ACTIVE)).isZero();
    assertThat(hostile.total(Instrument.CONNECTIONS_ACTIVE)).isZero();
  }

  /** A naming is the host's code, too. */
  @Test
  void asksTheNamingAtTheStartOnly() {
    AtomicBoolean started = new AtomicBoolean();
    MetricNaming naming =
        new MetricNaming() {
          @Override
          public @Nullable String name(Instrument instrument) {
            return MetricNaming.PRIVACY_PROXY.name(instrument);
          }

          @Override
          public @Nullable String key(Instrument instrument, Dimension dimension) {
            if (started.get()) {
              throw new IllegalStateException("of the host");
            }
            return MetricNaming.PRIVACY_PROXY.key(instrument, dimension);
          }
        };
    Bench asked = Bench.layeredMetrics(naming, Layers.all());
    started.set(true);
    Traffic.drive(asked.telemetry);
    assertThat(asked.telemetry.faults().errors()).isZero();
    assertThat(asked.total(Instrument.REQUESTS_BY_STATUS)).isEqualTo(4);
    assertThat(asked.total(Instrument.ERRORS_TOTAL)).isPositive();
  }

  /** Metrics count every exchange, whatever the host's sampling does. */
  @Test
  void countsExchanges_whoseSamplingThrows() {
    Sampling hostile =
        new Sampling() {
          @Override
          public boolean sample(RequestInfo request, long random) {
            return false;
          }

          @Override
          public boolean decidesAtEnd() {
            throw new AssertionError("of the host");
          }
        };
    Bench asked = Bench.with(hostile, options -> {});
    Traffic.drive(asked.telemetry);
    assertThat(asked.total(Instrument.REQUESTS_TOTAL)).isEqualTo(4);
    assertThat(asked.telemetry.faults().errors()).isZero();
    assertThat(asked.telemetry.faults().callbackErrors().get("sampling")).isPositive();
  }

  private static final class ThrowingProcessor implements SpanProcessor {
    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
      return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {
      throw new IllegalStateException("of the host");
    }

    @Override
    public boolean isEndRequired() {
      return true;
    }
  }

  private long nanoTime() {
    if (broken.get()) {
      throw new StackOverflowError();
    }
    return bench.clock.get();
  }

  private long swallowed() {
    return telemetry.faults().errors();
  }
}
