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
import org.jspecify.annotations.Nullable;

/**
 * An origin on a loopback port that does with each request what the next script says. A request for
 * which there is no script is answered with a reset.
 */
public final class ScriptedOrigin implements AutoCloseable {
  // The loopback address of the JDK may be the one of IPv6.
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
   * Starts an origin on a free port of the loopback address.
   *
   * @return the origin, which listens
   * @throws IOException if there is no port
   */
  public static ScriptedOrigin start() throws IOException {
    ServerSocket server = CountedSocket.listen(loopback());
    ScriptedOrigin origin = new ScriptedOrigin(server);
    daemon("origin-acceptor", origin::acceptAll);
    return origin;
  }

  /**
   * Where it listens.
   *
   * @return the address
   */
  public InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  /**
   * Adds what to do with the next request, in the order in which requests arrive.
   *
   * @param script the script, played when the first byte of the request is there
   * @return this
   */
  public ScriptedOrigin onRequest(OriginScript script) {
    locked(() -> onRequest.add(script));
    return this;
  }

  /**
   * Adds what to do with the next connection, before it has sent anything; for tunnels.
   *
   * @param script the script, after which the connection is closed
   * @return this
   */
  public ScriptedOrigin onAccept(OriginScript script) {
    locked(() -> onAccept.add(script));
    return this;
  }

  /** How many connections came. */
  int connections() {
    lock.lock();
    try {
      return connections.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The requests whose head was read.
   *
   * @return the requests in their order; with content, where a script read it
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
   * Waits until that many request heads were read.
   *
   * @param count how many
   * @throws AssertionError if they do not come in time
   */
  public void awaitRequests(int count) {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(RawSocket.TIMEOUT_MILLIS);
      while (requests.size() < count) {
        if (left <= 0) {
          throw new AssertionError(requests.size() + " of " + count + " requests arrived");
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

  /** Every connection that came, be it open or over. */
  List<Connection> accepted() {
    lock.lock();
    try {
      return List.copyOf(connections);
    } finally {
      lock.unlock();
    }
  }

  /** Every connection there was, when all that was to be done on them is done. */
  List<Connection> awaitEnds() {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(RawSocket.TIMEOUT_MILLIS);
      while (served < connections.size()) {
        if (left <= 0) {
          throw new AssertionError(served + " of " + connections.size() + " connections are over");
        }
        left = changed.awaitNanos(left);
      }
      return List.copyOf(connections);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting", interrupted);
    } finally {
      lock.unlock();
    }
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
      // Closed: there is nobody to tell.
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
      // The proxy is gone, or the script closed the connection; the test looks at the proxy.
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

  /** One connection of the proxy to the origin. */
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
     * @throws IOException if the proxy closes before
     */
    public RawMessage readRequest() throws IOException {
      RawMessage request = reader.request();
      locked(() -> requests.add(request));
      return request;
    }

    /** Passes on what comes, both ways, until one side sends no more: as a proxy would. */
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
        // The tunnel is over, and with it the connection it was in.
      }
    }

    /**
     * Sends back what comes, until no more comes.
     *
     * @throws IOException if the proxy is gone
     */
    public void echo() throws IOException {
      for (byte @Nullable [] some = reader.some(); some != null; some = reader.some()) {
        send(some);
      }
    }
  }
}
