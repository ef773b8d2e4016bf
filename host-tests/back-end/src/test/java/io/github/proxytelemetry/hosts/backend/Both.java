package io.github.proxytelemetry.hosts.backend;

import io.github.proxytelemetry.Observation;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Scope;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * Back end, or an observation, that passes every call to two others, the real one first. What is
 * returned is the recorder's. One call at a time: where two threads race, as the bytes of a
 * response and the client's abort do, both see the same order.
 */
final class Both implements InvocationHandler {
  private final Object recorder;
  private final Object real;
  private final Object lock;

  private Both(Object recorder, Object real, Object lock) {
    this.recorder = recorder;
    this.real = real;
    this.lock = lock;
  }

  static ProxyTelemetry of(ProxyTelemetry recorder, ProxyTelemetry real) {
    return of(ProxyTelemetry.class, recorder, real, new Object());
  }

  private static <T> T of(Class<T> type, Object recorder, Object real, Object lock) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(), new Class<?>[] {type}, new Both(recorder, real, lock)));
  }

  @Override
  public @Nullable Object invoke(Object self, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (method.getDeclaringClass() == Object.class) {
      return switch (method.getName()) {
        case "equals" -> arguments != null && self == arguments[0];
        case "hashCode" -> System.identityHashCode(self);
        default -> recorder.toString();
      };
    }
    Object ofReal;
    Object ofRecorder;
    synchronized (lock) {
      ofReal = call(real, method, arguments);
      ofRecorder = call(recorder, method, arguments);
    }
    if (ofRecorder instanceof Scope outer && ofReal instanceof Scope inner) {
      return (Scope)
          () -> {
            inner.close();
            outer.close();
          };
    }
    return ofRecorder instanceof Observation && ofReal != null
        ? of(method.getReturnType(), ofRecorder, ofReal, lock)
        : ofRecorder;
  }

  private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException thrown) {
      throw thrown.getTargetException();
    }
  }
}
