package io.github.proxytelemetry.testing;

import static io.github.proxytelemetry.Instrument.REQUESTS_TOTAL;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.Observation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.TunnelObservation;
import io.github.proxytelemetry.Upstream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Null at run time: not every host is compiled with null checks, and none may fail for it. */
abstract class NullCases extends BackendCases {
  private final List<Observation> started = new ArrayList<>();

  NullCases(ProxyTelemetryContract contract) {
    super(contract);
  }

  @Test
  void ignoresNull_inEveryCall() {
    ProxyTelemetry guarded = ProxyTelemetry.guarded(telemetry());
    nulls(ProxyTelemetry.class).failsFast("guarded(ProxyTelemetry)").check(() -> guarded);
    check(DownstreamObservation.class, () -> guarded.startDownstreamConnection(null, null));
    check(ExchangeObservation.class, () -> guarded.startExchange(GET));
    check(AttemptObservation.class, () -> guarded.startAttempt(ORIGIN));
    check(ConnectionObservation.class, () -> guarded.startUpstreamConnection(ORIGIN));
    check(
        TunnelObservation.class, () -> guarded.startExchange(GET).startTunnel(TunnelKind.CONNECT));
    started.forEach(Observation::end);
  }

  // Not every host is compiled with null checks.
  @SuppressWarnings("NullAway")
  @Test
  void survivesNull() {
    DownstreamObservation client = telemetry().startDownstreamConnection(null, null);
    client.enter(null);
    ExchangeObservation exchange = client.startExchange(request(null));
    exchange.route(null);
    exchange.note(null, null, null);
    exchange.fail(null, null, null);
    client.fail(null, null, null);
    assertRequests(1);
    assertLabelled(1, REQUESTS_TOTAL, Dimension.METHOD, "_OTHER");
    assertNothingActive("after nulls");
  }

  private void check(Class<?> type, Supplier<? extends Observation> target) {
    nulls(type)
        .check(
            () -> {
              Observation observation = target.get();
              started.add(observation);
              return observation;
            });
  }

  private static NullArguments nulls(Class<?> type) {
    return NullArguments.of(type)
        .value(RequestInfo.class, () -> GET)
        .value(Upstream.class, () -> ORIGIN)
        .value(SocketAddress.class, () -> InetSocketAddress.createUnresolved("client.test", 1))
        .value(HeaderAccess.class, NoHeaders::new)
        .value(Side.class, () -> Side.PROXY)
        .value(ProxyError.class, () -> ProxyError.PROXY_INTERNAL_ERROR)
        .value(Throwable.class, IllegalStateException::new)
        .value(TunnelKind.class, () -> TunnelKind.UPGRADE)
        .value(ConnectionPhase.class, () -> ConnectionPhase.SOCKET_CONNECT);
  }

  private static final class NoHeaders implements HeaderAccess<Object> {
    @Override
    public @Nullable String get(Object headers, String name) {
      return null;
    }

    @Override
    public void set(Object headers, String name, String value) {}

    @Override
    public void add(Object headers, String name, String value) {}

    @Override
    public void remove(Object headers, String name) {}
  }
}
