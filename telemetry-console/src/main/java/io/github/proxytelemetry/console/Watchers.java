package io.github.proxytelemetry.console;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Open pages, and the stream of server-sent events to each. Between two events a page holds a
 * connection and no thread. One that reads slowly misses events, and loses its connection when a
 * write has waited too long.
 */
final class Watchers {
  /** A team in front of its screens; each costs some 40 kB a second. */
  static final int MAX = 32;

  private static final int THREADS = 8;

  private final State state;
  private final DeadlineThreads writers;
  private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();

  /** Includes those that are about to be added. */
  private final AtomicInteger count = new AtomicInteger();

  private volatile boolean closed;

  /** A write may wait for as many seconds. */
  Watchers(State state, long writeSeconds) {
    this.state = state;
    this.writers = new DeadlineThreads("proxy-telemetry-console-writer", THREADS, writeSeconds);
  }

  /** Takes one of the places, for a page to be {@link #add}ed; returns whether one was free. */
  boolean reserve() {
    if (count.incrementAndGet() <= MAX) {
      return true;
    }
    count.decrementAndGet();
    return false;
  }

  boolean isEmpty() {
    return watchers.isEmpty();
  }

  /** Begins the stream of a page; the exchange stays open until the page is left. */
  void add(HttpExchange exchange) throws IOException {
    Watcher watcher = new Watcher(exchange);
    boolean begun = false;
    try {
      // A length of 0 is "chunked" to the JDK's server.
      exchange.sendResponseHeaders(Gate.OK, 0);
      watcher.write(state.first());
      begun = true;
    } finally {
      if (begun) {
        watchers.add(watcher);
      } else {
        count.decrementAndGet();
      }
    }
    if (closed) {
      drop(watcher);
    }
  }

  /** Sends an event to all pages that have read the last one. */
  void send(String event) {
    for (Watcher watcher : watchers) {
      if (watcher.writing.compareAndSet(false, true)) {
        writers.execute(() -> send(watcher, event));
      }
    }
  }

  void close() {
    closed = true;
    writers.shutdownNow();
    watchers.forEach(this::drop);
  }

  private void send(Watcher watcher, String event) {
    try {
      watcher.write(event);
      watcher.writing.set(false);
    } catch (IOException | RuntimeException e) {
      drop(watcher);
    }
  }

  private void drop(Watcher watcher) {
    if (watchers.remove(watcher)) {
      count.decrementAndGet();
    }
    watcher.exchange.close();
  }

  private static final class Watcher {
    private final HttpExchange exchange;
    private final AtomicBoolean writing = new AtomicBoolean();

    Watcher(HttpExchange exchange) {
      this.exchange = exchange;
    }

    private void write(String event) throws IOException {
      OutputStream out = exchange.getResponseBody();
      out.write(("data: " + event + "\n\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }
}
