package io.github.proxytelemetry.httpclient;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Virtual threads where the JDK has them; the tests are compiled for JDK 17. */
final class Threads {
  static void start(Runnable task) {
    ExecutorService threads = perTask();
    threads.execute(task);
    threads.shutdown();
  }

  /** Executor of virtual threads on JDK 21 and later. */
  static ExecutorService perTask() {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (NoSuchMethodException older) {
      return Executors.newCachedThreadPool();
    } catch (ReflectiveOperationException broken) {
      throw new LinkageError("JDK without its own method", broken);
    }
  }

  static boolean areVirtual() {
    return Runtime.version().feature() >= 21;
  }

  private Threads() {}
}
