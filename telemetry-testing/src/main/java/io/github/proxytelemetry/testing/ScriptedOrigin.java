package io.github.proxytelemetry.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Origin server on a loopback port, controlled by one script per request. It resets the connection
 * on a request without a script.
 */
public final class ScriptedOrigin implements AutoCloseable {
  // Not InetAddress.getLoopbackAddress(), which may be ::1.
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  private final ServerSocket server;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<OriginScript> onRequest = new ArrayDeque<>();
  private final Queue<OriginScript> onAccept = new ArrayDeque<>();
  private final List<RawMessage> requests = new ArrayList<>();
  private final List<Connection> connections = new ArrayList<>();
  private int served;

  private ScriptedOrigin(ServerSocket server) {
    this.server = server;
  }

  /**
   * Starts an origin on a free port of 127.0.0.1.
   *
   * @return the origin, already listening
   * @throws IOException if no port is available
   */
  public static ScriptedOrigin start() throws IOException {
    ServerSocket server = CountedSocket.listen(loopback());
    ScriptedOrigin origin = new ScriptedOrigin(server);
    daemon("origin-acceptor", origin::acceptAll);
    return origin;
  }

  /**
   * Returns the address of its listener.
   *
   * @return the address
   */
  public InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  /**
   * Adds the script for the next request, in the order of arrival.
   *
   * @param script the script, run when the first byte of the request has arrived
   * @return this
   */
  public ScriptedOrigin onRequest(OriginScript script) {
    locked(() -> onRequest.add(script));
    return this;
  }

  /**
   * Adds the script for the next connection, run before any byte has arrived; for tunnels.
   *
   * @param script the script, after which the connection is closed
   * @return this
   */
  public ScriptedOrigin onAccept(OriginScript script) {
    locked(() -> onAccept.add(script));
    return this;
  }

  /** Returns the number of accepted connections. */
  int connections() {
    return accepted().size();
  }

  /**
   * Returns the requests whose head was read.
   *
   * @return the requests in order; with content if a script read it
   */
  public List<RawMessage> requests() {
    lock.lock();
    try {
      return List.copyOf(requests);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until a number of request heads were read.
   *
   * @param count the number
   * @throws AssertionError on time-out
   */
  public void awaitRequests(int count) {
    await(
        () -> requests.size() >= count,
        () -> requests.size() + " of " + count + " requests arrived");
  }

  /** Returns all accepted connections, open or closed. */
  List<Connection> accepted() {
    lock.lock();
    try {
      return List.copyOf(connections);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the scripts of all connections have finished; returns the connections. */
  List<Connection> awaitEnds() {
    await(
        () -> served >= connections.size(),
        () -> served + " of " + connections.size() + " connections have ended");
    return accepted();
  }

  @Override
  public void close() throws IOException {
    server.close();
    List<Connection> open = new ArrayList<>();
    locked(
        () -> {
          open.addAll(connections);
        });
    for (Connection connection : open) {
      connection.close();
    }
  }

  static InetAddress loopback() throws IOException {
    return InetAddress.getByAddress(LOOPBACK);
  }

  private void acceptAll() {
    try {
      while (true) {
        Connection connection = new Connection((CountedSocket) server.accept());
        locked(() -> connections.add(connection));
        @Nullable OriginScript script = take(onAccept);
        daemon(
            "origin-connection",
            () -> {
              try {
                serve(connection, script);
              } finally {
                locked(() -> served++);
              }
            });
      }
    } catch (IOException end) {
      // The server socket was closed.
    }
  }

  private void serve(Connection connection, @Nullable OriginScript first) {
    try (connection) {
      if (first != null) {
        first.play(connection);
        return;
      }
      while (connection.reader.awaitByte()) {
        OriginScript script = take(onRequest);
        if (script == null) {
          connection.reset();
          return;
        }
        script.play(connection);
      }
    } catch (IOException end) {
      // The proxy disconnected, or the script closed the connection. Tests assert on the proxy.
    }
  }

  private @Nullable OriginScript take(Queue<OriginScript> scripts) {
    lock.lock();
    try {
      return scripts.poll();
    } finally {
      lock.unlock();
    }
  }

  private void await(BooleanSupplier condition, Supplier<String> state) {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(RawSocket.TIMEOUT_MILLIS);
      while (!condition.getAsBoolean()) {
        if (left <= 0) {
          throw new AssertionError(state.get());
        }
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting", interrupted);
    } finally {
      lock.unlock();
    }
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static void daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Connection of the proxy to the origin. */
  public final class Connection extends RawSocket {
    private Connection(CountedSocket socket) throws IOException {
      super(socket);
    }

    @Override
    public RawMessage readHead() throws IOException {
      RawMessage head = super.readHead();
      locked(() -> requests.add(head));
      return head;
    }

    /**
     * Reads a whole request.
     *
     * @return the request
     * @throws IOException if the proxy disconnects before its end
     */
    public RawMessage readRequest() throws IOException {
      RawMessage request = reader.request();
      locked(() -> requests.add(request));
      return request;
    }

    /** Relays bytes both ways until one side finishes, as the next proxy of a chain does. */
    void relay(InetSocketAddress destination) throws IOException {
      try (RawClient onward = RawClient.connect(destination)) {
        daemon("origin-relay", () -> pass(onward, this));
        pass(this, onward);
      }
    }

    private static void pass(RawSocket from, RawSocket to) {
      try {
        for (byte @Nullable [] some = from.reader.some(); some != null; some = from.reader.some()) {
          to.send(some);
        }
        to.halfClose();
      } catch (IOException gone) {
        // The tunnel has ended, and with it the connection.
      }
    }

    /**
     * Echoes all bytes until the proxy finishes sending.
     *
     * @throws IOException if the proxy has disconnected
     */
    public void echo() throws IOException {
      for (byte @Nullable [] some = reader.some(); some != null; some = reader.some()) {
        send(some);
      }
    }
  }
}
