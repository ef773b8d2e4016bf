package io.github.proxytelemetry.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Check of what the public methods of a type do with {@code null}: those that a host calls for a
 * connection or a request ignore it, those that it calls at set-up throw a {@link
 * NullPointerException} with the name of the parameter. It finds the methods by reflection, so that
 * it covers those that are added later. Not thread-safe.
 */
public final class NullArguments {
  private final Class<?> type;
  private final Map<Class<?>, Supplier<?>> values = new HashMap<>();
  private final Set<String> setUp = new HashSet<>();

  private NullArguments(Class<?> type) {
    this.type = type;
    value(int.class, () -> 200);
    value(long.class, () -> 1L);
    value(boolean.class, () -> true);
    value(String.class, () -> "text");
    value(Object.class, Object::new);
  }

  /**
   * Creates a check of the public methods that a type declares or inherits, but for those of {@link
   * Object}.
   *
   * @param type the type
   * @return a check without exceptions
   */
  public static NullArguments of(Class<?> type) {
    return new NullArguments(type);
  }

  /**
   * Sets the argument for parameters that are not {@code null}.
   *
   * @param parameter the parameter's type, exactly
   * @param value supplies the argument of each call
   * @param <T> the parameter's type
   * @return this
   */
  public <T> NullArguments value(Class<T> parameter, Supplier<? extends T> value) {
    values.put(parameter, value);
    return this;
  }

  /**
   * Names a method that is called at set-up.
   *
   * @param signature name and simple names of the parameters' types, such as {@code
   *     install(Server)}
   * @return this
   */
  public NullArguments failsFast(String signature) {
    setUp.add(signature);
    return this;
  }

  /**
   * Calls each method once with {@code null} for all parameters that may be given it, and once for
   * each of them alone.
   *
   * @param target supplies the object of each call
   * @throws AssertionError naming each call that did not do as it must
   */
  public void check(Supplier<?> target) {
    List<String> faults = new ArrayList<>();
    Set<String> unknown = new HashSet<>(setUp);
    for (Method method : type.getMethods()) {
      if (method.getDeclaringClass() != Object.class && !method.isBridge()) {
        String signature = signature(method);
        unknown.remove(signature);
        check(method, signature, target, faults);
      }
    }
    unknown.forEach(signature -> faults.add("no method " + signature));
    if (!faults.isEmpty()) {
      throw new AssertionError(String.join("\n", faults));
    }
  }

  private void check(Method method, String signature, Supplier<?> target, List<String> faults) {
    Parameter[] parameters = method.getParameters();
    boolean isSetUp = setUp.contains(signature);
    for (int i = 0; i < parameters.length; i++) {
      if (!parameters[i].getType().isPrimitive()) {
        Set<Integer> only = Set.of(i);
        Throwable thrown = call(method, target, only);
        String expected = isSetUp ? parameters[i].getName() : null;
        report(signature + ", null for " + parameters[i].getName(), thrown, expected, faults);
      }
    }
    if (!isSetUp && parameters.length > 1) {
      Set<Integer> all =
          Stream.iterate(0, i -> i + 1).limit(parameters.length).collect(Collectors.toSet());
      report(signature + ", null for all", call(method, target, all), null, faults);
    }
  }

  private static void report(
      String call, @Nullable Throwable thrown, @Nullable String expected, List<String> faults) {
    boolean right =
        expected == null
            ? thrown == null
            : thrown instanceof NullPointerException && expected.equals(thrown.getMessage());
    if (!right) {
      faults.add(
          call
              + (thrown == null ? ": nothing was thrown" : ": " + thrown)
              + (expected == null ? "" : "; expected a NullPointerException: " + expected));
    }
  }

  private @Nullable Throwable call(Method method, Supplier<?> target, Set<Integer> nulls) {
    Parameter[] parameters = method.getParameters();
    @Nullable Object[] arguments = new Object[parameters.length];
    for (int i = 0; i < arguments.length; i++) {
      Class<?> parameter = parameters[i].getType();
      if (parameter.isPrimitive() || !nulls.contains(i)) {
        arguments[i] = value(parameter);
      }
    }
    try {
      method.invoke(Modifier.isStatic(method.getModifiers()) ? null : target.get(), arguments);
      return null;
    } catch (InvocationTargetException failed) {
      return failed.getCause();
    } catch (IllegalAccessException inaccessible) {
      throw new AssertionError(method + " cannot be called", inaccessible);
    }
  }

  private Object value(Class<?> parameter) {
    Supplier<?> value = values.get(parameter);
    if (value == null) {
      throw new AssertionError("no value for parameters of type " + parameter.getName());
    }
    return value.get();
  }

  private static String signature(Method method) {
    return Stream.of(method.getParameterTypes())
        .map(Class::getSimpleName)
        .collect(Collectors.joining(", ", method.getName() + "(", ")"));
  }
}
