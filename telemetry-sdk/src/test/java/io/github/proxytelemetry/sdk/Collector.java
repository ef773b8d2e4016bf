package io.github.proxytelemetry.sdk;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** OTLP/HTTP collector with a scripted behaviour, which keeps the requests. */
public final class Collector implements AutoCloseable {
  private record Received(String path, com.sun.net.httpserver.Headers headers, ByteString body) {}

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final Semaphore arrivals = new Semaphore(0);
  private final HttpServer server;
  private volatile int status = 200;
  private volatile String retryAfter = "";
  private volatile byte[] body = {};
  private volatile boolean dripping;
  private volatile CountDownLatch gate = new CountDownLatch(0);

  public Collector() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  public void answer(int status) {
    this.status = status;
  }

  public void answer(int status, String retryAfter) {
    this.retryAfter = retryAfter;
    this.status = status;
  }

  public void answerWith(byte[] body) {
    this.body = body;
  }

  /** From now on, sends a byte of the body now and then, without end. */
  public void drip() {
    dripping = true;
    hang();
  }

  /** From now on, sends the head of a response, and keeps its body back. */
  public void hang() {
    gate = new CountDownLatch(1);
  }

  /** From now on, answers at once. Those that hang go on hanging. */
  public void answerOthers() {
    gate = new CountDownLatch(0);
    dripping = false;
  }

  public void release() {
    gate.countDown();
  }

  public void awaitRequest() throws InterruptedException {
    if (!arrivals.tryAcquire(1, TimeUnit.MINUTES)) {
      throw new AssertionError("no request came");
    }
  }

  public int requests(String path) {
    return (int) received.stream().filter(request -> request.path().equals(path)).count();
  }

  public List<ByteString> bodies(String path) {
    return received.stream()
        .filter(request -> request.path().equals(path))
        .map(Received::body)
        .toList();
  }

  public List<String> headers(String path, String name) {
    List<String> values = new ArrayList<>();
    received.stream()
        .filter(request -> request.path().equals(path))
        .forEach(request -> values.add(request.headers().getFirst(name)));
    return values;
  }

  @Override
  public void close() {
    gate.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    CountDownLatch held = gate;
    boolean drips = dripping;
    try (exchange) {
      ByteString request = ByteString.readFrom(exchange.getRequestBody());
      received.add(
          new Received(exchange.getRequestURI().getPath(), exchange.getRequestHeaders(), request));
      arrivals.release();
      if (!retryAfter.isEmpty()) {
        exchange.getResponseHeaders().set("Retry-After", retryAfter);
      }
      exchange.sendResponseHeaders(status, 0);
      exchange.getResponseBody().write(body);
      exchange.getResponseBody().flush();
      while (drips && !held.await(20, TimeUnit.MILLISECONDS)) {
        exchange.getResponseBody().write(0);
        exchange.getResponseBody().flush();
      }
      held.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
