package io.github.proxytelemetry.examples.gateway;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A thread for each request: virtual where the JDK has them, although this is compiled for 17. */
final class Threads {
  static ExecutorService perRequest() {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (NoSuchMethodException before21) {
      return Executors.newCachedThreadPool();
    } catch (ReflectiveOperationException broken) {
      throw new LinkageError("this JDK refuses a method of its own", broken);
    }
  }

  private Threads() {}
}
