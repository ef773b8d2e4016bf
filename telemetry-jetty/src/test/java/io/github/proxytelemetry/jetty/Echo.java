package io.github.proxytelemetry.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/** What takes the place of HTTP, and says what it is told. */
final class Echo extends AbstractConnection.NonBlocking implements Connection.UpgradeTo {
  private final boolean counting;
  private ByteBuffer early = BufferUtil.EMPTY_BUFFER;
  private long filled;
  private long written;

  /**
   * @param counting whether it counts what it fills and writes, as Jetty's WebSockets do
   */
  Echo(EndPoint client, Executor executor, boolean counting) {
    super(client, executor);
    this.counting = counting;
  }

  @Override
  public long getBytesIn() {
    return counting ? filled : -1;
  }

  @Override
  public long getBytesOut() {
    return counting ? written : -1;
  }

  @Override
  public void onUpgradeTo(ByteBuffer buffer) {
    early = BufferUtil.copy(buffer);
  }

  @Override
  public void onOpen() {
    super.onOpen();
    echo(early);
  }

  @Override
  public void onFillable() {
    try {
      ByteBuffer buffer = BufferUtil.allocate(1024);
      int bytes = getEndPoint().fill(buffer);
      if (bytes < 0) {
        getEndPoint().close();
      } else {
        filled += bytes;
        echo(buffer);
      }
    } catch (IOException failure) {
      getEndPoint().close(failure);
    }
  }

  private void echo(ByteBuffer content) {
    written += content.remaining();
    getEndPoint().write(Callback.from(this::fillInterested, getEndPoint()::close), content);
  }
}
