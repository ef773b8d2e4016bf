package io.github.proxytelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class GuardTest {
  private final List<String> log = new ArrayList<>();
  private final AtomicLong clock = new AtomicLong();
  private final CircuitBreaker breaker = new CircuitBreaker("back end", clock::get, log::add);

  @Test
  void passesEveryCallOn() {
    Set<String> direct = new TreeSet<>();
    Flows.all(recording(ProxyTelemetry.class, direct, null));
    Set<String> guarded = new TreeSet<>();
    Flows.all(guard(recording(ProxyTelemetry.class, guarded, null)));

    assertThat(guarded).isEqualTo(direct).hasSizeGreaterThan(40);
    assertThat(log).isEmpty();
  }

  @Test
  void swallowsWhatStartsThrow() {
    Flows.all(guard(recording(ProxyTelemetry.class, new TreeSet<>(), null, "start")));
    assertThat(log).containsExactly(caught("java.lang.NoClassDefFoundError"));
  }

  @Test
  void swallowsWhatEventsThrow_andHeals() {
    ProxyTelemetry guard =
        guard(recording(ProxyTelemetry.class, new TreeSet<>(), new StackOverflowError("secret")));
    DownstreamObservation connection = guard.startDownstreamConnection(null, null);
    ExchangeObservation open = connection.startExchange(Flows.GET);
    while (breaker.trips() == 0) {
      Flows.all(guard);
    }
    ProxyTelemetry noop = ProxyTelemetry.noop();
    assertThat(guard.startDownstreamConnection(null, null))
        .isSameAs(noop.startDownstreamConnection(null, null));
    assertThat(guard.startExchange(Flows.GET)).isSameAs(noop.startExchange(Flows.GET));
    assertThat(guard.startExchange(Flows.GET, 0)).isSameAs(noop.startExchange(Flows.GET));
    assertThat(guard.startAttempt(Flows.ORIGIN)).isSameAs(noop.startAttempt(Flows.ORIGIN));
    assertThat(guard.startUpstreamConnection(Flows.ORIGIN))
        .isSameAs(noop.startUpstreamConnection(Flows.ORIGIN));
    assertThat(connection.startExchange(Flows.GET)).isSameAs(noop.startExchange(Flows.GET));
    assertThat(open.startAttempt(Flows.ORIGIN)).isSameAs(noop.startAttempt(Flows.ORIGIN));
    assertThat(log)
        .containsExactly(
            caught("java.lang.StackOverflowError"),
            "back end: more than 100 failures in 10 s, last java.lang.StackOverflowError;"
                + " disabled for 30 s");

    clock.addAndGet(CircuitBreaker.OPEN_NANOS);
    assertThat(guard.startExchange(Flows.GET)).isInstanceOf(GuardedExchange.class);
    assertThat(connection.startExchange(Flows.GET)).isInstanceOf(GuardedExchange.class);
    assertThat(log).endsWith("back end: enabled again after 30 s").hasSize(3);
  }

  @Test
  void openObservationsStillEnd_whileNothingStarts() {
    Set<String> calls = new TreeSet<>();
    ProxyTelemetry guard = guard(recording(ProxyTelemetry.class, calls, null));
    ExchangeObservation exchange = guard.startExchange(Flows.GET);
    for (int i = 0; i <= CircuitBreaker.BUDGET; i++) {
      guard.swallowed(new IllegalStateException());
    }
    assertThat(breaker.isOpen()).isTrue();
    exchange.startTunnel(TunnelKind.CONNECT).end();
    exchange.end();
    assertThat(calls).contains("ExchangeObservation.startTunnel", "ExchangeObservation.end");
  }

  @Test
  void reportsToTheBackEndWhatItThrew() {
    List<Throwable> reported = new ArrayList<>();
    IllegalStateException thrown = new IllegalStateException();
    ProxyTelemetry guard =
        guard(
            new ProxyTelemetry() {
              @Override
              public ExchangeObservation startExchange(RequestInfo request) {
                throw thrown;
              }

              @Override
              public void swallowed(Throwable swallowed) {
                reported.add(swallowed);
                throw new IllegalStateException("again");
              }
            });
    guard.startExchange(Flows.GET);
    guard.startExchange(Flows.GET);
    assertThat(reported).containsExactly(thrown, thrown);
  }

  @Test
  void replacesNullByNothing() {
    ProxyTelemetry broken =
        (ProxyTelemetry)
            Proxy.newProxyInstance(
                GuardTest.class.getClassLoader(),
                new Class<?>[] {ProxyTelemetry.class},
                (proxy, method, args) ->
                    method.getReturnType() == boolean.class
                        ? method.getName().equals("isEnabled")
                        : null);
    Flows.all(guard(broken));
    assertThat(log).isEmpty();
  }

  @Test
  void survivesALoggerThatThrows() {
    CircuitBreaker loud =
        new CircuitBreaker(
            "back end",
            clock::get,
            message -> {
              throw new IllegalStateException(message);
            });
    Flows.all(
        new Guard(
            recording(ProxyTelemetry.class, new TreeSet<>(), new IllegalStateException()), loud));
    assertThat(loud.failures()).isPositive();
    assertThat(loud.isOpen()).isFalse();
  }

  @Test
  void countsWhatAnAdapterReports() {
    List<Throwable> reported = new ArrayList<>();
    ProxyTelemetry guard =
        guard(
            new ProxyTelemetry() {
              @Override
              public void swallowed(Throwable swallowed) {
                reported.add(swallowed);
              }
            });
    IllegalStateException thrown = new IllegalStateException();
    guard.swallowed(thrown);
    assertThat(reported).containsExactly(thrown);
    assertThat(breaker.failures()).isEqualTo(1);
  }

  @Test
  void addsNothing_whereTheBackEndIsGuarded() {
    ProxyTelemetry own =
        new ProxyTelemetry() {
          @Override
          public boolean isGuarded() {
            return true;
          }
        };
    assertThat(ProxyTelemetry.guarded(own)).isSameAs(own);
  }

  @Test
  void guardsOnce() {
    ProxyTelemetry guard = ProxyTelemetry.guarded(new ProxyTelemetry() {});
    assertThat(ProxyTelemetry.guarded(guard)).isSameAs(guard).isInstanceOf(Guard.class);
  }

  private ProxyTelemetry guard(ProxyTelemetry backEnd) {
    return new Guard(backEnd, breaker);
  }

  private static String caught(String type) {
    return "back end: caught "
        + type
        + "; traffic is not affected, further failures are logged once a minute";
  }

  /** Back end that records the calls it receives, and may throw in each that returns nothing. */
  private static <T> T recording(Class<T> type, Set<String> calls, Throwable thrown) {
    return recording(type, calls, thrown, "");
  }

  private static <T> T recording(
      Class<T> type, Set<String> calls, Throwable thrown, String failing) {
    return type.cast(
        Proxy.newProxyInstance(
            GuardTest.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> {
              Class<?> result = method.getReturnType();
              if (isShortForm(method)) {
                return java.lang.reflect.InvocationHandler.invokeDefault(proxy, method, args);
              }
              calls.add(type.getSimpleName() + "." + method.getName());
              if (!failing.isEmpty() && method.getName().startsWith(failing)) {
                throw new NoClassDefFoundError("secret");
              }
              if (thrown != null && result == void.class) {
                throw thrown;
              }
              if (result.isInterface()) {
                return recording(result, calls, thrown, failing);
              }
              return result == boolean.class ? method.getName().equals("isEnabled") : null;
            }));
  }

  /** Whether a method is the overload without headers, which calls the one with headers. */
  private static boolean isShortForm(Method method) {
    return method.isDefault()
        && method.getName().matches("response(Started|Received)")
        && !List.of(method.getParameterTypes()).contains(HeaderAccess.class);
  }
}
