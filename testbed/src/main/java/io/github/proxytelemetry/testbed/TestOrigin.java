package io.github.proxytelemetry.testbed;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * An origin on a free port of the loopback interface. It answers
 *
 * <ul>
 *   <li>{@code /hello} with 5 bytes, after reading what it was sent,
 *   <li>{@code /slow?ms=200} with 5 bytes, after that many milliseconds,
 *   <li>{@code /bytes?n=100000} with that many bytes,
 *   <li>{@code /chunked?n=100000} with that many bytes in chunks,
 *   <li>{@code /status?code=503} with that status and no body,
 *   <li>{@code /report} with 204, after reading the report of a page,
 *   <li>the paths of its pages with these, and others with 404.
 * </ul>
 *
 * It keeps the headers of the last {@value #KEPT} requests.
 */
public final class TestOrigin implements AutoCloseable {
  private static final int KEPT = 1000;
  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

  private final Queue<Headers> headers = new ConcurrentLinkedQueue<>();
  private final Map<String, Page> pages = new ConcurrentHashMap<>();
  private final BlockingQueue<String> reports = new LinkedBlockingQueue<>();
  private final AtomicLong handshakes = new AtomicLong();
  private final AtomicLong requests = new AtomicLong();
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final HttpServer server;

  private TestOrigin(HttpServer server) {
    this.server = server;
  }

  /** Starts a plain one. */
  public static TestOrigin start() throws IOException {
    return start((SSLContext) null);
  }

  /** Starts one behind TLS. */
  public static TestOrigin start(TlsFixture tls) throws IOException {
    try {
      return start(tls.server());
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static TestOrigin start(@Nullable SSLContext tls) throws IOException {
    // Head and body are two writes: without this the body waits for the client's delayed ACK.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer server = tls == null ? HttpServer.create(any, 1024) : HttpsServer.create(any, 1024);
    TestOrigin origin = new TestOrigin(server);
    if (server instanceof HttpsServer https && tls != null) {
      https.setHttpsConfigurator(
          new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
              origin.handshakes.incrementAndGet();
              super.configure(parameters);
            }
          });
    }
    server.setExecutor(origin.executor);
    server.createContext("/", origin::handle);
    server.start();
    return origin;
  }

  /** Its port. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Its address as it stands in a URL: {@code 127.0.0.1:} and the port. */
  public String authority() {
    return "127.0.0.1:" + port();
  }

  /** Answers a path with a text from now on. */
  public void addPage(String path, String contentType, String text) {
    pages.put(path, new Page(contentType, text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Waits for the next report of a page; null if none arrives in time. */
  public @Nullable String awaitReport(Duration limit) throws InterruptedException {
    return reports.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** How many clients began to speak TLS, 0 where it is plain. */
  public long handshakes() {
    return handshakes.get();
  }

  /** How many requests it has got. */
  public long requests() {
    return requests.get();
  }

  /** Waits until it has got that many requests. */
  public void awaitRequests(long count, Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (requests.get() < count) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("only " + requests + " of " + count + " requests in " + limit);
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  /** The headers of the latest requests, the oldest first. */
  public List<Headers> receivedHeaders() {
    return List.copyOf(headers);
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    headers.add(exchange.getRequestHeaders());
    requests.incrementAndGet();
    if (headers.size() > KEPT) {
      headers.poll();
    }
    byte[] sent = exchange.getRequestBody().readAllBytes();
    switch (exchange.getRequestURI().getPath()) {
      case "/hello" -> answer(exchange, 200, HELLO, HELLO.length);
      case "/slow" -> {
        pause(parameter(exchange, "ms"));
        answer(exchange, 200, HELLO, HELLO.length);
      }
      case "/bytes" -> {
        byte[] body = new byte[parameter(exchange, "n")];
        answer(exchange, 200, body, body.length);
      }
      // The JDK's server takes a length of 0 for "chunked".
      case "/chunked" -> answer(exchange, 200, new byte[parameter(exchange, "n")], 0);
      case "/status" -> answer(exchange, parameter(exchange, "code"), new byte[0], -1);
      case "/report" -> {
        reports.add(new String(sent, StandardCharsets.UTF_8));
        answer(exchange, 204, new byte[0], -1);
      }
      default -> answerPage(exchange);
    }
  }

  private void answerPage(HttpExchange exchange) throws IOException {
    Page page = pages.get(exchange.getRequestURI().getPath());
    if (page == null) {
      answer(exchange, 404, new byte[0], -1);
    } else {
      exchange.getResponseHeaders().set("Content-Type", page.contentType());
      answer(exchange, 200, page.text(), page.text().length);
    }
  }

  private static void answer(HttpExchange exchange, int status, byte[] body, long length)
      throws IOException {
    try (exchange) {
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : length);
      if (!head && body.length > 0) {
        try (OutputStream out = exchange.getResponseBody()) {
          out.write(body);
        }
      }
    }
  }

  private static int parameter(HttpExchange exchange, String name) throws IOException {
    String query = exchange.getRequestURI().getQuery();
    if (query == null || !query.startsWith(name + "=")) {
      throw new IOException("the query is not " + name + "=number");
    }
    return Integer.parseInt(query.substring(name.length() + 1));
  }

  private static void pause(int millis) throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the origin was closed", e);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Page(String contentType, byte[] text) {}
}
