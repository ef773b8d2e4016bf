package io.github.proxytelemetry.testing;

import static io.github.proxytelemetry.testing.FaultyAdapter.FORGETS;
import static io.github.proxytelemetry.testing.FaultyAdapter.REPORTS_TWICE;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Observation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelObservation;
import io.github.proxytelemetry.testing.FaultyAdapter.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Runs cases of the contract of adapters on known mistakes: each has to fail its case. */
class AdapterMistakesTest {
  private static final Fault BLAMES_THE_ORIGIN =
      (target, method, arguments) -> {
        ((Observation) target).fail(Side.UPSTREAM, ProxyError.CONNECTION_TERMINATED, null);
        return null;
      };
  private static final Fault REPORTS_A_FINAL_STATUS_ONLY =
      (target, method, arguments) -> {
        ((ExchangeObservation) target).responseStarted((int) arguments[0]);
        return null;
      };
  private static final Fault ENDS_WELL =
      (target, method, arguments) -> {
        ((Observation) target).end();
        return null;
      };

  /** Runs one case. */
  @FunctionalInterface
  private interface Case<G extends AdapterCases> {
    void run(G group) throws Exception;
  }

  private record Mistake(
      String name, Class<? extends Observation> type, String call, Fault fault, Runner runner) {}

  /** Runs one case on an adapter. */
  @FunctionalInterface
  private interface Runner {
    void run(ProxyAdapterContract contract) throws Exception;
  }

  @TestFactory
  Stream<DynamicTest> noticesEveryMistake() {
    return Stream.of(
            mistake(
                "forgets the request's bytes",
                ExchangeObservation.class,
                "requestBytes",
                FORGETS,
                messages(MessageCases::countsContentOnly_ofChunkedBodies)),
            mistake(
                "counts the origin's bytes twice",
                AttemptObservation.class,
                "responseBytes",
                REPORTS_TWICE,
                messages(MessageCases::reportsThreeExchanges_ofOneConnection)),
            mistake(
                "forgets the end of responses",
                ExchangeObservation.class,
                "responseEnd",
                FORGETS,
                messages(MessageCases::reportsThreeExchanges_ofOneConnection)),
            mistake(
                "leaks attempts",
                AttemptObservation.class,
                "responseEnd",
                FORGETS,
                messages(MessageCases::reportsThreeExchanges_ofOneConnection)),
            mistake(
                "forgets the end of connections",
                DownstreamObservation.class,
                "end",
                FORGETS,
                messages(MessageCases::reportsThreeExchanges_ofOneConnection)),
            mistake(
                "counts bytes on the wire twice",
                DownstreamObservation.class,
                "bytesWritten",
                REPORTS_TWICE,
                messages(MessageCases::reportsEveryByteOnTheWire)),
            mistake(
                "takes an interim response for the final one",
                ExchangeObservation.class,
                "informational",
                REPORTS_A_FINAL_STATUS_ONLY,
                interim(InterimCases::reportsEarlyHints_andTheFinalStatus)),
            mistake(
                "does not report that the client disconnected",
                ExchangeObservation.class,
                "fail",
                FORGETS,
                clients(ClientFailureCases::blamesAClient_thatLeavesWhileItSends)),
            mistake(
                "blames the origin for a client that left",
                AttemptObservation.class,
                "cancel",
                BLAMES_THE_ORIGIN,
                clients(ClientFailureCases::blamesAClient_thatLeavesWhileItReceives)),
            mistake(
                "forgets the reason of a 502",
                ExchangeObservation.class,
                "note",
                FORGETS,
                origins(OriginFailureCases::blamesAnOrigin_thatRefusesConnections)),
            mistake(
                "takes a body that was cut short for a whole one",
                ExchangeObservation.class,
                "fail",
                ENDS_WELL,
                origins(OriginFailureCases::blamesAnOrigin_thatCutsABodyShort)),
            mistake(
                "does not report who closed a tunnel",
                TunnelObservation.class,
                "closedBy",
                FORGETS,
                tunnels(TunnelCases::reportsThatTheOriginClosed_aTunnel)),
            mistake(
                "counts a tunnel's bytes twice",
                TunnelObservation.class,
                "bytesToUpstream",
                REPORTS_TWICE,
                tunnels(TunnelCases::countsEarlyData_ofATunnel)),
            mistake(
                "forgets the trace context",
                AttemptObservation.class,
                "inject",
                FORGETS,
                headers(HeaderCases::sendsOneTraceparent_thatOfTheAttempt)),
            mistake(
                "hides the headers of responses",
                ExchangeObservation.class,
                "responseStarted",
                REPORTS_A_FINAL_STATUS_ONLY,
                headers(HeaderCases::addsServerTiming_toWhatTheOriginSent)))
        .map(
            mistake ->
                DynamicTest.dynamicTest(
                    mistake.name(),
                    () -> {
                      assertThatCode(() -> mistake.runner().run(new PlainSocketProxyTest()))
                          .as("without the mistake")
                          .doesNotThrowAnyException();
                      ThrowingCallable run = () -> mistake.runner().run(contract(mistake));
                      assertThatThrownBy(run).isInstanceOf(AssertionError.class);
                    }));
  }

  private static Mistake mistake(
      String name, Class<? extends Observation> type, String call, Fault fault, Runner runner) {
    return new Mistake(name, type, call, fault, runner);
  }

  private static ProxyAdapterContract contract(Mistake mistake) {
    return new PlainSocketProxyTest() {
      @Override
      protected ProxyUnderTest startProxy(ProxyTelemetry telemetry, ProxySettings settings)
          throws IOException {
        return super.startProxy(
            FaultyAdapter.around(telemetry, mistake.type(), mistake.call(), mistake.fault()),
            settings);
      }

      @Override
      Duration patience() {
        return Duration.ofMillis(300);
      }
    };
  }

  private static Runner messages(Case<MessageCases> test) {
    return contract -> run(new MessageCases(contract.adapter) {}, test);
  }

  private static Runner interim(Case<InterimCases> test) {
    return contract -> run(new InterimCases(contract.adapter) {}, test);
  }

  private static Runner clients(Case<ClientFailureCases> test) {
    return contract -> run(new ClientFailureCases(contract.adapter) {}, test);
  }

  private static Runner origins(Case<OriginFailureCases> test) {
    return contract -> run(new OriginFailureCases(contract.adapter) {}, test);
  }

  private static Runner tunnels(Case<TunnelCases> test) {
    return contract -> run(new TunnelCases(contract.adapter) {}, test);
  }

  private static Runner headers(Case<HeaderCases> test) {
    return contract -> run(new HeaderCases(contract.adapter) {}, test);
  }

  private static <G extends AdapterCases> void run(G group, Case<G> test) throws Exception {
    group.startOrigin();
    try {
      test.run(group);
    } finally {
      group.stopAll();
    }
  }
}
