package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.read.ListAppender;
import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.Scope;
import io.github.proxytelemetry.otel.Bench;
import io.github.proxytelemetry.otel.Headers;
import io.github.proxytelemetry.otel.Request;
import io.github.proxytelemetry.otel.TraceFormatter;
import io.github.proxytelemetry.sdk.export.OwnBench;
import io.opentelemetry.instrumentation.logback.mdc.v1_0.OpenTelemetryAppender;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Lines that are logged while an exchange is active say which trace they belong to. */
class LogCorrelationTest {
  /** Logs a message with one of the logging libraries, and returns what was written. */
  record Logging(String name, UnaryOperator<String> write) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Logging> libraries() {
    return Stream.of(
        new Logging("logback", LogCorrelationTest::logback),
        new Logging("log4j", LogCorrelationTest::log4j),
        new Logging("java.util.logging", LogCorrelationTest::jul));
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void linesOfAnExchangeCarryItsIds(Logging logging) {
    Bench bench = OwnBench.of(Sampling.always());
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    assertThat(within(exchange.activate(), logging))
        .contains("trace_id=" + exchange.traceId(), "span_id=" + exchange.spanId(), "hello");
    exchange.end();
    assertThat(bench.span("GET").getTraceId()).isEqualTo(exchange.traceId());
    assertThat(bench.span("GET").getSpanId()).isEqualTo(exchange.spanId());
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void linesOfAnUnsampledExchangeCarryTheInjectedIds(Logging logging) {
    Bench bench = OwnBench.of(Sampling.never());
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    Headers headers = new Headers();
    exchange.startAttempt(Bench.ORIGIN).inject(headers, Headers.ACCESS);
    assertThat(within(exchange.activate(), logging))
        .contains("trace_id=" + headers.all("traceparent").get(0).substring(3, 35))
        .contains("span_id=" + exchange.spanId());
    exchange.end();
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void linesOfACallOfTheHostItselfCarryItsIds(Logging logging) {
    Bench bench = OwnBench.of(Sampling.always());
    AttemptObservation call = bench.telemetry.startAttempt(Bench.ORIGIN);
    String line = within(call.activate(), logging);
    call.end();
    assertThat(line)
        .contains("trace_id=" + bench.span("HTTP").getTraceId())
        .contains("span_id=" + bench.span("HTTP").getSpanId());
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void otherLinesCarryNone(Logging logging) {
    Bench bench = OwnBench.of(Sampling.always());
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    exchange.activate().close();
    assertThat(logging.write().apply("hello"))
        .contains("hello")
        .doesNotContainPattern("[0-9a-f]{16}");
    ExchangeObservation untraced = Bench.metricsOnly().telemetry.startExchange(Request.GET);
    assertThat(within(untraced.activate(), logging)).doesNotContainPattern("[0-9a-f]{16}");
    untraced.end();
    exchange.end();
  }

  @Test
  void idsStandInFrontOfAStackTrace_onlyOnce() {
    ExchangeObservation exchange =
        OwnBench.of(Sampling.always()).telemetry.startExchange(Request.GET);
    try (Scope scope = exchange.activate()) {
      assertThat(scope).isNotNull();
      java.util.logging.LogRecord line =
          new java.util.logging.LogRecord(java.util.logging.Level.INFO, "hello");
      line.setThrown(new IllegalStateException());
      assertThat(new TraceFormatter().format(line))
          .startsWith("trace_id=" + exchange.traceId() + " span_id=" + exchange.spanId() + " ")
          .containsOnlyOnce("trace_id");
    }
    exchange.end();
  }

  private static String within(@Nullable Scope active, Logging logging) {
    try (Scope scope = active) {
      assertThat(scope).isNotNull();
      return logging.write().apply("hello");
    }
  }

  private static String logback(String message) {
    ch.qos.logback.classic.LoggerContext context = new ch.qos.logback.classic.LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.setContext(context);
    lines.start();
    OpenTelemetryAppender appender = new OpenTelemetryAppender();
    appender.setContext(context);
    appender.addAppender(lines);
    appender.start();
    ch.qos.logback.classic.Logger logger = context.getLogger("test");
    logger.addAppender(appender);
    logger.info(message);
    PatternLayout layout = new PatternLayout();
    layout.setContext(context);
    layout.setPattern("%m trace_id=%X{trace_id} span_id=%X{span_id}");
    layout.start();
    return layout.doLayout(lines.list.get(0));
  }

  /** Configured in {@code log4j2-test.properties}, to write to whatever is standard output now. */
  private static String log4j(String message) {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
    try {
      LogManager.getLogger(LogCorrelationTest.class).info(message);
    } finally {
      System.setOut(before);
    }
    return written.toString(StandardCharsets.UTF_8);
  }

  private static String jul(String message) {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    StreamHandler handler = new StreamHandler(written, new TraceFormatter(new SimpleFormatter()));
    Logger logger = Logger.getAnonymousLogger();
    logger.setUseParentHandlers(false);
    logger.addHandler(handler);
    logger.info(message);
    handler.close();
    return written.toString(StandardCharsets.UTF_8);
  }
}
