package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.Observation;
import io.github.proxytelemetry.ProxyTelemetry;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** Decorator of telemetry that falsifies one call, as a faulty adapter would. */
final class FaultyAdapter implements InvocationHandler {
  /** Replacement of a call. */
  @FunctionalInterface
  interface Fault {
    Object call(Object target, Method method, Object[] arguments)
        throws IllegalAccessException, InvocationTargetException;
  }

  static final Fault FORGETS = (target, method, arguments) -> null;
  static final Fault REPORTS_TWICE =
      (target, method, arguments) -> {
        method.invoke(target, arguments);
        return method.invoke(target, arguments);
      };

  private final Object target;
  private final Class<? extends Observation> type;
  private final String name;
  private final Fault fault;

  private FaultyAdapter(
      Object target, Class<? extends Observation> type, String name, Fault fault) {
    this.target = target;
    this.type = type;
    this.name = name;
    this.fault = fault;
  }

  static ProxyTelemetry around(
      ProxyTelemetry telemetry, Class<? extends Observation> type, String name, Fault fault) {
    return (ProxyTelemetry)
        wrap(ProxyTelemetry.class, new FaultyAdapter(telemetry, type, name, fault));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    try {
      if (type.isInstance(target) && method.getName().equals(name)) {
        return fault.call(target, method, arguments);
      }
      Object result = method.invoke(target, arguments);
      return result instanceof Observation
          ? wrap(method.getReturnType(), new FaultyAdapter(result, type, name, fault))
          : result;
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }

  private static Object wrap(Class<?> as, InvocationHandler handler) {
    return Proxy.newProxyInstance(as.getClassLoader(), new Class<?>[] {as}, handler);
  }
}
