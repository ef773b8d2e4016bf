package io.github.proxytelemetry.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/** One direction of a tunnel. It counts its bytes, as Jetty's WebSocket connections do. */
final class Relay extends AbstractConnection.NonBlocking implements Connection.UpgradeTo {
  private static final int SIZE = 8192;

  private final EndPoint to;
  private final boolean opensTheOther;
  private ByteBuffer early = BufferUtil.EMPTY_BUFFER;
  private long bytesIn;
  private long bytesOut;

  /**
   * @param opensTheOther whether opening this direction also opens the other
   */
  Relay(EndPoint from, Executor executor, EndPoint to, boolean opensTheOther) {
    super(from, executor);
    this.to = to;
    this.opensTheOther = opensTheOther;
  }

  @Override
  public long getBytesIn() {
    return bytesIn;
  }

  @Override
  public long getBytesOut() {
    return bytesOut;
  }

  @Override
  public void onUpgradeTo(ByteBuffer buffer) {
    early = BufferUtil.copy(buffer);
  }

  @Override
  public void onOpen() {
    super.onOpen();
    if (opensTheOther) {
      to.upgrade(new Relay(to, getExecutor(), getEndPoint(), false));
    }
    if (BufferUtil.hasContent(early)) {
      write(early);
    } else {
      fillInterested();
    }
  }

  @Override
  public void onFillable() {
    try {
      ByteBuffer buffer = BufferUtil.allocate(SIZE);
      int filled = getEndPoint().fill(buffer);
      if (filled > 0) {
        bytesIn += filled;
        write(buffer);
      } else if (filled == 0) {
        fillInterested();
      } else {
        to.shutdownOutput();
      }
    } catch (IOException failure) {
      fail(failure);
    }
  }

  @Override
  public void onClose(Throwable cause) {
    super.onClose(cause);
    to.close();
  }

  private void write(ByteBuffer buffer) {
    bytesOut += buffer.remaining();
    to.write(Callback.from(this::onFillable, this::fail), buffer);
  }

  private void fail(Throwable failure) {
    getEndPoint().close(failure);
    to.close(failure);
  }
}
