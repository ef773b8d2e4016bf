package io.github.proxytelemetry.sdk;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;

/**
 * Proxy in front of a real receiver that spoils connections in a scripted order; those after the
 * script pass through.
 */
final class RudeCollector implements AutoCloseable {
  /** What becomes of a connection; nothing of it reaches the receiver, but of one that is held. */
  enum Fault {
    RESET_AT_ONCE,
    RESET_IN_THE_REQUEST,
    RESET_IN_THE_ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1"),
    HALF_CLOSED,
    /** The first stream of OkHttp is 3, and an INTERNAL_ERROR. */
    STREAM_RESET(SETTINGS + "\0\0\4\3\0\0\0\0\3\0\0\0\2"),
    /** No stream was processed, and there will be none. */
    GOAWAY(SETTINGS + "\0\0\10\7\0\0\0\0\0\0\0\0\0\0\0\0\0"),
    RESET_AFTER_SETTINGS(SETTINGS),
    /** Few bytes that never end when they are unpacked. */
    GZIP_BOMB("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"),
    /** Nothing happens before {@link #release}. */
    HELD;

    private final String answer;

    Fault() {
      this("");
    }

    Fault(String answer) {
      this.answer = answer;
    }
  }

  /** An empty frame of HTTP/2. */
  private static final String SETTINGS = "\0\0\0\4\0\0\0\0\0";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
  private final AtomicInteger relayed = new AtomicInteger();
  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final CountDownLatch bombDefused = new CountDownLatch(1);
  private final ServerSocket server;
  private final int receiver;

  /** Stands before a receiver. */
  RudeCollector(String receiver) {
    this.receiver = URI.create(receiver).getPort();
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::acceptAll);
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /** Spoils that many of the next connections. */
  void spoil(Fault fault, int connections) {
    for (int i = 0; i < connections; i++) {
      faults.add(fault);
    }
  }

  /** How many connections are yet to be spoiled. */
  int left() {
    return faults.size();
  }

  /** How many connections were not spoiled. */
  int relayed() {
    return relayed.get();
  }

  /** Resets all connections at their next byte, as a balancer does that has forgotten them. */
  void dropIdle() {
    for (Socket socket : open) {
      try (socket) {
        socket.setSoLinger(true, 0);
      } catch (IOException e) {
        // Closed before.
      }
    }
  }

  void awaitHeld() throws InterruptedException {
    await(held, "nothing is held");
  }

  void release() {
    released.countDown();
  }

  /** Waits until the other side has had enough of the bomb. */
  void awaitDefused() throws InterruptedException {
    await(bombDefused, "the bomb is read on and on");
  }

  /** Takes no more connections, and waits until the other side has closed all there were. */
  void awaitUnused() throws IOException, InterruptedException {
    server.close();
    threads.shutdown();
    if (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
      throw new AssertionError(open.size() + " connections are left open");
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
    threads.shutdownNow();
  }

  private static void await(CountDownLatch latch, String problem) throws InterruptedException {
    if (!latch.await(1, TimeUnit.MINUTES)) {
      throw new AssertionError(problem);
    }
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket client = server.accept();
        open.add(client);
        Fault fault = faults.poll();
        threads.execute(() -> serve(client, fault));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket client, Fault fault) {
    try (client) {
      if (fault == null) {
        relay(client);
      } else {
        spoil(client, fault);
      }
    } catch (IOException e) {
      // The other side may be as rude.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(client);
    }
  }

  private void spoil(Socket client, Fault fault) throws IOException, InterruptedException {
    InputStream in = client.getInputStream();
    OutputStream out = client.getOutputStream();
    byte[] buffer = new byte[64 * 1024];
    if (fault == Fault.HELD) {
      held.countDown();
      released.await();
      relay(client);
      return;
    }
    if (fault != Fault.RESET_AT_ONCE && in.read(buffer) < 0) {
      return;
    }
    byte[] answer = fault.answer.getBytes(StandardCharsets.ISO_8859_1);
    out.write(answer);
    switch (fault) {
      case HALF_CLOSED, GOAWAY -> {
        client.shutdownOutput();
        in.transferTo(OutputStream.nullOutputStream());
      }
      case STREAM_RESET -> {
        // The stream may not have begun before.
        while (in.read(buffer) >= 0) {
          out.write(answer);
        }
      }
      case GZIP_BOMB -> explode(out);
      default -> client.setSoLinger(true, 0);
    }
  }

  private void explode(OutputStream out) throws IOException {
    byte[] zeros = new byte[64 * 1024];
    try (OutputStream bomb = new GZIPOutputStream(out)) {
      while (true) {
        bomb.write(zeros);
      }
    } finally {
      bombDefused.countDown();
    }
  }

  private void relay(Socket client) throws IOException {
    relayed.incrementAndGet();
    try (Socket upstream = new Socket(InetAddress.getLoopbackAddress(), receiver)) {
      open.add(upstream);
      threads.execute(() -> pump(upstream, client));
      client.getInputStream().transferTo(upstream.getOutputStream());
    }
  }

  private static void pump(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // The other direction has ended.
    }
  }
}
