package io.github.proxytelemetry.testing;

import org.jspecify.annotations.Nullable;

/**
 * What the host's own handler does with a request, in place of forwarding it: what handlers do in
 * production, right or wrong. A host with {@link Capability#HANDLER_SCRIPTS} plays them all, in the
 * way of its framework, in a handler such as its users write. None of them reads the request's body
 * or makes an attempt, and none tells telemetry anything: what has to be told is the adapter's.
 *
 * <p>"Answers" is 200 with a {@code Content-Length} of 2 and the content {@code ok}.
 */
public enum HandlerScript {
  /** Throws before it has answered. The framework, or the host, makes a 500 of it. */
  THROW_BEFORE_RESPONSE,
  /**
   * Sends the head of a 200 with a {@code Content-Length} of 10 and the content {@code hello},
   * makes sure that it is on its way, and throws. The host closes the connection.
   */
  THROW_AFTER_HEAD,
  /** Does nothing, and keeps the request open ({@link Capability#HANDLER_HANGS}). */
  NEVER_ANSWER,
  /**
   * Returns at once, and leaves it to a thread that the framework does not know, a virtual one
   * where there are such, to run {@link ProxySettings#handlerWork()} and then to answer.
   */
  ANSWER_FROM_THREAD,
  /** Answers, and runs {@link ProxySettings#handlerWork()} before it returns. */
  WORK_ON,
  /**
   * Answers, and fails right after: throws, or fails the framework's completion, whatever the
   * framework lets it do.
   */
  FAIL_AFTER_RESPONSE,
  /**
   * Answers with the same headers object as it has for every such request, or a read-only one,
   * where the framework has such.
   */
  SHARED_HEADERS;

  /** The request header that names the script. It is not forwarded. */
  public static final String HEADER = "Handler-Script";

  /**
   * Finds the script that a request asks for.
   *
   * @param header the value of {@link #HEADER}, or {@code null} where the request has none
   * @return the script, or {@code null} for a request that is to be forwarded
   * @throws IllegalArgumentException if there is no such script
   */
  public static @Nullable HandlerScript of(@Nullable String header) {
    return header == null ? null : valueOf(header);
  }
}
