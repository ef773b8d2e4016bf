package io.github.proxytelemetry.benchmarks;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;
import org.openjdk.jmh.annotations.CompilerControl;

/**
 * A network that costs nothing and keeps nothing: the other side's bytes come from an array, and
 * what is written is taken and counted. Jetty's own network in memory keeps what is written in new
 * buffers, which was three quarters of all bytes that a request allocated.
 */
final class DirectEndPoint extends AbstractEndPoint {
  private static final SocketAddress ADDRESS = InetSocketAddress.createUnresolved("local.test", 80);

  private ByteBuffer input = BufferUtil.EMPTY_BUFFER;
  private long written;

  DirectEndPoint(Scheduler scheduler) {
    super(scheduler);
  }

  /** Connects to a connector, which has been started. */
  static DirectEndPoint connect(Connector connector) {
    DirectEndPoint endPoint = new DirectEndPoint(connector.getScheduler());
    endPoint.onOpen();
    Connection connection =
        connector.getDefaultConnectionFactory().newConnection(connector, endPoint);
    endPoint.setConnection(connection);
    connection.onOpen();
    return endPoint;
  }

  /** Our side works on the bytes in the caller's thread. Returns how many it has ever written. */
  long work(ByteBuffer bytes) {
    input = bytes;
    getFillInterest().fillable();
    return written;
  }

  @Override
  public int fill(ByteBuffer buffer) {
    notIdle();
    return BufferUtil.append(buffer, input);
  }

  @Override
  public boolean flush(ByteBuffer... buffers) {
    notIdle();
    take(buffers);
    return true;
  }

  /** Not inlined, as a socket's write is not: nobody is spared the array by that. */
  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  private void take(ByteBuffer[] buffers) {
    for (ByteBuffer buffer : buffers) {
      written += buffer.remaining();
      buffer.position(buffer.limit());
    }
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return ADDRESS;
  }

  @Override
  public SocketAddress getRemoteSocketAddress() {
    return ADDRESS;
  }

  @Override
  public Object getTransport() {
    return this;
  }

  @Override
  protected void onIncompleteFlush() {
    throw new IllegalStateException("Everything is taken at once");
  }

  @Override
  protected void needsFillInterest() {}
}
