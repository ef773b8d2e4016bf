package io.github.proxytelemetry.testbed;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * An origin whose answer is chosen by the last character of the request's target, the digit of an
 * {@link Answer}. It reads no body, and serves one request per connection.
 */
public final class BrokenOrigin implements AutoCloseable {
  /** What the origin does with a request. */
  public enum Answer {
    /** Answers with five bytes. */
    WHOLE(0),
    /** Answers with five bytes after {@link BrokenOrigin#release}. */
    HELD(1),
    /** Answers with more than all buffers on the way can hold. */
    LARGE(2),
    /** Resets the connection. */
    RESET(3),
    /** Closes the connection after ten of a thousand bytes. */
    SHORT(4);

    private final int digit;

    Answer(int digit) {
      this.digit = digit;
    }

    /** The last character of a target that is answered so. */
    public int digit() {
      return digit;
    }

    private static Answer of(String target) {
      for (Answer each : values()) {
        if (target.endsWith(String.valueOf(each.digit))) {
          return each;
        }
      }
      throw new IllegalArgumentException(target);
    }
  }

  private static final int LARGE_BYTES = 30_000_000;
  private static final int HELD_SECONDS = 60;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Semaphore released = new Semaphore(0);
  private final ServerSocket server;

  private BrokenOrigin(ServerSocket server) {
    this.server = server;
  }

  /** Starts one on a free port of 127.0.0.1. */
  public static BrokenOrigin start() throws IOException {
    BrokenOrigin origin = new BrokenOrigin(new ServerSocket());
    origin.server.bind(
        new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
    origin.threads.execute(origin::acceptAll);
    return origin;
  }

  /** Its address as it stands in a URL. */
  public String authority() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /** Lets requests that are held be answered. */
  void release(int requests) {
    released.release(requests);
  }

  /** Refuses connections from now on. */
  @Override
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
    for (Socket each : open) {
      each.close();
    }
    try {
      // The port is free only once nobody waits in accept any more.
      if (!threads.awaitTermination(HELD_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the origin does not stop");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket proxy = server.accept();
        open.add(proxy);
        if (server.isClosed()) {
          proxy.close();
        } else {
          threads.execute(() -> serve(proxy));
        }
      }
    } catch (IOException | RejectedExecutionException closed) {
      // The test is over.
    }
  }

  private void serve(Socket proxy) {
    try (proxy) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(proxy.getInputStream(), StandardCharsets.US_ASCII));
      String requestLine = in.readLine();
      if (requestLine == null) {
        return;
      }
      for (String line = requestLine; line != null && !line.isEmpty(); ) {
        line = in.readLine();
      }
      answer(proxy, requestLine.split(" ", -1)[1]);
    } catch (IOException gone) {
      // The proxy left, as it may where its client did.
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(proxy);
    }
  }

  private void answer(Socket proxy, String target) throws IOException, InterruptedException {
    OutputStream out = proxy.getOutputStream();
    switch (Answer.of(target)) {
      case WHOLE -> send(out, 5, 5);
      case HELD -> {
        if (released.tryAcquire(HELD_SECONDS, TimeUnit.SECONDS)) {
          send(out, 5, 5);
        }
      }
      case LARGE -> send(out, LARGE_BYTES, LARGE_BYTES);
      case RESET -> proxy.setSoLinger(true, 0);
      case SHORT -> send(out, 1000, 10);
    }
  }

  private static void send(OutputStream out, int declared, int sent) throws IOException {
    String head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + declared;
    out.write((head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    byte[] some = "1".repeat(Math.min(sent, 10_000)).getBytes(StandardCharsets.US_ASCII);
    for (int left = sent; left > 0; left -= some.length) {
      out.write(some);
    }
    out.flush();
  }
}
