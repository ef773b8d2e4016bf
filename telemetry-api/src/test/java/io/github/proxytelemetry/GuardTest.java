package io.github.proxytelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class GuardTest {
  private final List<String> log = new ArrayList<>();

  @Test
  void passesEveryCallOn() {
    Set<String> direct = new TreeSet<>();
    Flows.all(telling(ProxyTelemetry.class, direct, null));
    Set<String> guarded = new TreeSet<>();
    Flows.all(Guard.around(telling(ProxyTelemetry.class, guarded, null), log::add));

    // These are asked once, when the guard is made.
    direct.add("ProxyTelemetry.isEnabled");
    direct.add("ProxyTelemetry.guardsExchanges");
    assertThat(guarded).isEqualTo(direct).hasSizeGreaterThan(40);
    assertThat(log).isEmpty();
  }

  @Test
  void swallowsWhatStartsThrow() {
    Flows.all(
        Guard.around(telling(ProxyTelemetry.class, new TreeSet<>(), null, "start"), log::add));
    assertThat(log)
        .containsExactly(
            "A telemetry back end threw java.lang.NoClassDefFoundError; traffic goes on.");
  }

  @Test
  void swallowsWhatEventsThrow_andSwitchesOffAtLast() {
    ProxyTelemetry guard =
        Guard.around(
            telling(ProxyTelemetry.class, new TreeSet<>(), new StackOverflowError("secret")),
            log::add);
    for (int i = 0; i < Guard.MAX_FAILURES; i++) {
      Flows.all(guard);
    }
    assertThat(((Guard) guard).isTripped()).isTrue();
    assertThat(guard.startExchange(Flows.GET))
        .isSameAs(ProxyTelemetry.noop().startExchange(Flows.GET));
    assertThat(log)
        .containsExactly(
            "A telemetry back end threw java.lang.StackOverflowError; traffic goes on.",
            "A telemetry back end threw 100 times, at last java.lang.StackOverflowError;"
                + " it is switched off.");
  }

  @Test
  void tellsTheBackEndWhatItThrew() {
    List<Throwable> told = new ArrayList<>();
    IllegalStateException thrown = new IllegalStateException();
    ProxyTelemetry guard =
        Guard.around(
            new ProxyTelemetry() {
              @Override
              public ExchangeObservation startExchange(RequestInfo request) {
                throw thrown;
              }

              @Override
              public void swallowed(Throwable swallowed) {
                told.add(swallowed);
                throw new IllegalStateException("again");
              }
            },
            log::add);
    guard.startExchange(Flows.GET);
    guard.startExchange(Flows.GET);
    assertThat(told).containsExactly(thrown, thrown);
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
    Flows.all(Guard.around(broken, log::add));
    assertThat(log).isEmpty();
  }

  @Test
  void survivesALoggerThatThrows() {
    ProxyTelemetry guard =
        Guard.around(
            telling(ProxyTelemetry.class, new TreeSet<>(), new IllegalStateException()),
            message -> {
              throw new IllegalStateException(message);
            });
    Flows.all(guard);
    assertThat(((Guard) guard).isTripped()).isFalse();
  }

  @Test
  void wrapsNoExchange_whereTheBackEndCatchesByItself() {
    ExchangeObservation exchange = new ExchangeObservation() {};
    AtomicReference<ObservationGuard> offered = new AtomicReference<>();
    ProxyTelemetry guard =
        Guard.around(
            new ProxyTelemetry() {
              @Override
              public boolean guardsExchanges(ObservationGuard guard) {
                offered.set(guard);
                return true;
              }

              @Override
              public ExchangeObservation startExchange(RequestInfo request) {
                return exchange;
              }
            },
            log::add);
    assertThat(guard.startExchange(Flows.GET)).isSameAs(exchange);
    for (int i = 0; i < Guard.MAX_FAILURES; i++) {
      offered.get().failed(new IllegalStateException());
    }
    assertThat(guard.startExchange(Flows.GET))
        .isSameAs(ProxyTelemetry.noop().startExchange(Flows.GET));
  }

  @Test
  void guardsOnce() {
    ProxyTelemetry guard = ProxyTelemetry.guarded(new ProxyTelemetry() {});
    assertThat(ProxyTelemetry.guarded(guard)).isSameAs(guard).isInstanceOf(Guard.class);
  }

  /** A back end that notes what it is told, and may throw at every event that returns nothing. */
  private static <T> T telling(Class<T> type, Set<String> told, Throwable thrown) {
    return telling(type, told, thrown, "");
  }

  private static <T> T telling(Class<T> type, Set<String> told, Throwable thrown, String failing) {
    return type.cast(
        Proxy.newProxyInstance(
            GuardTest.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> {
              Class<?> result = method.getReturnType();
              if (isShortForm(method)) {
                return java.lang.reflect.InvocationHandler.invokeDefault(proxy, method, args);
              }
              told.add(type.getSimpleName() + "." + method.getName());
              if (!failing.isEmpty() && method.getName().startsWith(failing)) {
                throw new NoClassDefFoundError("secret");
              }
              if (thrown != null && result == void.class) {
                throw thrown;
              }
              if (result.isInterface()) {
                return telling(result, told, thrown, failing);
              }
              return result == boolean.class ? method.getName().equals("isEnabled") : null;
            }));
  }

  /** Whether it only calls another method with what stands for no headers. */
  private static boolean isShortForm(Method method) {
    return method.isDefault()
        && method.getName().matches("response(Started|Received)")
        && !List.of(method.getParameterTypes()).contains(HeaderAccess.class);
  }
}
