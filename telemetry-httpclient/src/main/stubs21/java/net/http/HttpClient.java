package java.net.http;

import java.time.Duration;

/**
 * What {@code src/main/java21} needs to know of a client, so that a JDK 17 can compile it. Not part
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
