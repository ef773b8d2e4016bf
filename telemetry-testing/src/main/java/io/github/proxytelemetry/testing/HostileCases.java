package io.github.proxytelemetry.testing;

import static io.github.proxytelemetry.Instrument.BYTES_SENT_TOTAL;
import static io.github.proxytelemetry.Instrument.REQUESTS_BY_STATUS;
import static io.github.proxytelemetry.Instrument.REQUESTS_TOTAL;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.RequestInfo;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Hostile input: it never becomes a label value, and never makes a back end throw. */
abstract class HostileCases extends BackendCases {
  private static final String LONG = "A".repeat(1024 * 1024);

  private static final RequestInfo THROWING =
      new RequestInfo() {
        @Override
        public String method() {
          return "GET";
        }

        @Override
        public String path() {
          throw new NoClassDefFoundError("path");
        }

        @Override
        public String header(String name) {
          throw new NoClassDefFoundError("header");
        }
      };

  HostileCases(ProxyTelemetryContract contract) {
    super(contract);
  }

  @Test
  void countsUnknownMethods_asOther() {
    List<String> methods = List.of("BREW", "get", "", "GET\r\nX: y", "GET ", "\u0000", LONG);
    for (String method : methods) {
      serve(request(method), 200);
    }
    assertRequests(methods.size());
    assertLabelled(methods.size(), REQUESTS_TOTAL, Dimension.METHOD, "_OTHER");
  }

  @Test
  void countsEveryKnownMethod() {
    List<String> methods =
        List.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");
    for (String method : methods) {
      serve(request(method), 200);
      assertLabelled(1, REQUESTS_TOTAL, Dimension.METHOD, method);
    }
    assertRequests(methods.size());
  }

  @Test
  void survivesHostileHeads() {
    for (String text : List.of(LONG, "\r\n", "%", "\ud800", "")) {
      serve(
          new RequestInfo() {
            @Override
            public String method() {
              return "GET";
            }

            @Override
            public String path() {
              return text;
            }

            @Override
            public String scheme() {
              return text;
            }

            @Override
            public String protocolVersion() {
              return text;
            }

            @Override
            public String header(String name) {
              return text;
            }
          },
          200);
    }
    assertRequests(5);
    assertNothingActive("after hostile heads");
  }

  @Test
  void makesNoLabel_ofWhatIsNoStatus() {
    List<Integer> statuses = List.of(Integer.MIN_VALUE, -1, 0, 99, 600, 999, Integer.MAX_VALUE);
    for (int status : statuses) {
      serve(GET, status);
      assertLabelled(0, REQUESTS_BY_STATUS, Dimension.STATUS, Integer.toString(status));
    }
    assertRequests(statuses.size());
    assertNothingActive("after hostile statuses");
  }

  @Test
  void countsNoNegativeBytes() {
    ExchangeObservation exchange = telemetry().startExchange(GET);
    AttemptObservation attempt = exchange.startAttempt(ORIGIN);
    attempt.requestBytes(3);
    attempt.requestBytes(-5);
    attempt.requestBytes(Long.MIN_VALUE);
    attempt.end();
    exchange.end();
    assertThat(total(BYTES_SENT_TOTAL)).isEqualTo(3);
  }

  @Test
  void survivesAccessorsOfTheHostThatThrow() {
    ProxyTelemetry guarded = ProxyTelemetry.guarded(telemetry());
    for (int i = 0; i < 20; i++) {
      DownstreamObservation client = guarded.startDownstreamConnection(null, null);
      ExchangeObservation exchange = client.startExchange(THROWING);
      AttemptObservation attempt = exchange.startAttempt(ORIGIN);
      attempt.inject("", new ThrowingAccess());
      attempt.requestStarted(THROWING);
      attempt.responseStarted(200, "", new ThrowingAccess());
      attempt.requestTrailers("", new ThrowingAccess());
      attempt.responseEnd();
      exchange.informational(103, "", new ThrowingAccess());
      exchange.responseStarted(200, "", new ThrowingAccess());
      exchange.responseTrailers("", new ThrowingAccess());
      exchange.end();
      client.end();
    }
    assertNothingActive("after accessors that throw");
    double before = total(REQUESTS_TOTAL);
    serve(guarded, GET, 200);
    assertThat(total(REQUESTS_TOTAL)).as("requests after them").isEqualTo(before + 1);
    assertNothingActive("after a request without them");
  }

  private void serve(RequestInfo request, int status) {
    serve(telemetry(), request, status);
  }

  private static void serve(ProxyTelemetry telemetry, RequestInfo request, int status) {
    ExchangeObservation exchange = telemetry.startExchange(request);
    AttemptObservation attempt = exchange.startAttempt(ORIGIN);
    attempt.requestStarted(request);
    attempt.informational(status);
    attempt.responseStarted(status);
    attempt.responseEnd();
    exchange.informational(status);
    exchange.responseStarted(status);
    exchange.end();
  }

  /** Accessor of a host that throws, which its contract forbids. */
  private static final class ThrowingAccess implements HeaderAccess<String> {
    @Override
    public String get(String headers, String name) {
      throw new NoClassDefFoundError("get");
    }

    @Override
    public void set(String headers, String name, String value) {
      throw new NoClassDefFoundError("set");
    }

    @Override
    public void add(String headers, String name, String value) {
      throw new NoClassDefFoundError("add");
    }

    @Override
    public void remove(String headers, String name) {
      throw new NoClassDefFoundError("remove");
    }
  }
}
