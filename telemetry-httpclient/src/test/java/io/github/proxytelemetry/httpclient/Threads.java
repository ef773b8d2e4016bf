package io.github.proxytelemetry.httpclient;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Threads of the newest kind that this JDK has; the tests are compiled for JDK 17. */
final class Threads {
  static void start(Runnable task) {
    ExecutorService threads = perTask();
    threads.execute(task);
    threads.shutdown();
  }

  /** Virtual threads since JDK 21. */
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
