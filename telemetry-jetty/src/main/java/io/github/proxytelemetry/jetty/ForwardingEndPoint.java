package io.github.proxytelemetry.jetty;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Endpoint that delegates every call to the one that it wraps. */
abstract class ForwardingEndPoint implements EndPoint, EndPoint.Wrapper {
  private final EndPoint wrapped;

  ForwardingEndPoint(EndPoint wrapped) {
    this.wrapped = wrapped;
  }

  /**
   * Finds an endpoint of a type below wrappers of others, such as TLS or the PROXY protocol.
   *
   * @return the endpoint, or {@code null} if there is none
   */
  static <T> @Nullable T find(EndPoint top, Class<T> type) {
    EndPoint endPoint = top;
    while (!type.isInstance(endPoint)) {
      if (!(endPoint instanceof EndPoint.Wrapper wrapper)) {
        return null;
      }
      endPoint = wrapper.unwrap();
    }
    return type.cast(endPoint);
  }

  @Override
  public final EndPoint unwrap() {
    return wrapped;
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return wrapped.getLocalSocketAddress();
  }

  @Override
  public SocketAddress getRemoteSocketAddress() {
    return wrapped.getRemoteSocketAddress();
  }

  @Override
  public boolean isOpen() {
    return wrapped.isOpen();
  }

  @Override
  public long getCreatedTimeStamp() {
    return wrapped.getCreatedTimeStamp();
  }

  @Override
  public void shutdownOutput() {
    wrapped.shutdownOutput();
  }

  @Override
  public boolean isOutputShutdown() {
    return wrapped.isOutputShutdown();
  }

  @Override
  public boolean isInputShutdown() {
    return wrapped.isInputShutdown();
  }

  @Override
  public void close(Throwable cause) {
    wrapped.close(cause);
  }

  @Override
  public int fill(ByteBuffer buffer) throws IOException {
    return wrapped.fill(buffer);
  }

  @Override
  public boolean flush(ByteBuffer... buffers) throws IOException {
    return wrapped.flush(buffers);
  }

  @Override
  public Object getTransport() {
    return wrapped.getTransport();
  }

  @Override
  public long getIdleTimeout() {
    return wrapped.getIdleTimeout();
  }

  @Override
  public void setIdleTimeout(long idleTimeout) {
    wrapped.setIdleTimeout(idleTimeout);
  }

  @Override
  public void fillInterested(Callback callback) {
    wrapped.fillInterested(callback);
  }

  @Override
  public boolean tryFillInterested(Callback callback) {
    return wrapped.tryFillInterested(callback);
  }

  @Override
  public boolean isFillInterested() {
    return wrapped.isFillInterested();
  }

  @Override
  public void write(Callback callback, ByteBuffer... buffers) {
    wrapped.write(callback, buffers);
  }

  @Override
  public Callback cancelWrite(Throwable cause) {
    return wrapped.cancelWrite(cause);
  }

  @Override
  public Connection getConnection() {
    return wrapped.getConnection();
  }

  @Override
  public void setConnection(Connection connection) {
    wrapped.setConnection(connection);
  }

  @Override
  public void onOpen() {
    wrapped.onOpen();
  }

  @Override
  public void onClose(Throwable cause) {
    wrapped.onClose(cause);
  }

  @Override
  public void upgrade(Connection newConnection) {
    wrapped.upgrade(newConnection);
  }

  @Override
  public SslSessionData getSslSessionData() {
    return wrapped.getSslSessionData();
  }

  @Override
  public String toString() {
    return wrapped.toString();
  }
}
