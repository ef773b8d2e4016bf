package io.github.proxytelemetry.testing;

import org.jspecify.annotations.Nullable;

/**
 * Behaviour of the host's own handler for a request that is not forwarded: what handlers do in
 * production, including mistakes. A host with {@link Capability#HANDLER_SCRIPTS} implements them
 * all with its framework's means, in a handler such as its users write. No script reads the request
 * body, makes an attempt or calls telemetry: all events have to come from the adapter.
 *
 * <p>"Responds" means 200 with a {@code Content-Length} of 2 and the content {@code ok}.
 */
public enum HandlerScript {
  /** Throws before it responds. The framework or the host responds with a 500. */
  THROW_BEFORE_RESPONSE,
  /**
   * Sends and flushes the head of a 200 with a {@code Content-Length} of 10 and the content {@code
   * hello}, then throws. The host closes the connection.
   */
  THROW_AFTER_HEAD,
  /** Never responds or completes the request ({@link Capability#HANDLER_HANGS}). */
  NEVER_ANSWER,
  /**
   * Returns immediately. A thread outside the framework, a virtual one if available, runs {@link
   * ProxySettings#handlerWork()} and responds.
   */
  ANSWER_FROM_THREAD,
  /** Responds, and runs {@link ProxySettings#handlerWork()} before it returns. */
  WORK_ON,
  /**
   * Responds and then fails: it throws, or completes the request with a failure if the framework
   * allows it.
   */
  FAIL_AFTER_RESPONSE,
  /**
   * Responds with a headers object that is shared by all such requests, or read-only, if the
   * framework allows it.
   */
  SHARED_HEADERS;

  /** Request header with the name of the script. It is not forwarded. */
  public static final String HEADER = "Handler-Script";

  /**
   * Returns the script that a request selects.
   *
   * @param header the value of {@link #HEADER}, or {@code null} if the request has none
   * @return the script, or {@code null} for a request to forward
   * @throws IllegalArgumentException if the name is unknown
   */
  public static @Nullable HandlerScript of(@Nullable String header) {
    return header == null ? null : valueOf(header);
  }
}
