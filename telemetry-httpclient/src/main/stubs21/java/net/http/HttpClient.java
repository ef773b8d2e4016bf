package java.net.http;

import java.time.Duration;

/**
 * Stub of the methods that JDK 21 added, so that JDK 17 can compile {@code src/main/java21}. Not part
 * of the jar.
 */
public abstract class HttpClient {
  protected HttpClient() {}

  public abstract void shutdown();

  public abstract boolean awaitTermination(Duration duration) throws InterruptedException;

  public abstract boolean isTerminated();

  public abstract void shutdownNow();

  public abstract void close();
}
