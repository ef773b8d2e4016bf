package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.Observation;
import io.github.proxytelemetry.ProxyTelemetry;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Back end that starts observations and throws in every other method: an exception and an error in
 * turn, as of a class that is missing.
 */
final class BrokenTelemetry implements InvocationHandler {
  private final AtomicInteger calls = new AtomicInteger();

  static ProxyTelemetry create() {
    return new BrokenTelemetry().as(ProxyTelemetry.class);
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
    return switch (method.getName()) {
      case "isEnabled" -> true;
      case "isGuarded", "equals" -> false;
      case "hashCode" -> 0;
      case "toString" -> "broken";
      default -> startOrThrow(method.getReturnType());
    };
  }

  private Object startOrThrow(Class<?> result) {
    if (Observation.class.isAssignableFrom(result)) {
      return as(result);
    }
    if (calls.getAndIncrement() % 2 == 0) {
      throw new IllegalStateException("broken back end");
    }
    throw new NoClassDefFoundError("broken/BackEnd");
  }

  private <T> T as(Class<T> type) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, this));
  }
}
