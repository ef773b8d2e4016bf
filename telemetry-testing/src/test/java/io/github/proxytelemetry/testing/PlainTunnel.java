package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelObservation;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.function.LongConsumer;

/** Tunnel that relays bytes both ways until both sides have finished. */
final class PlainTunnel {
  private final TunnelObservation observation;
  private final PlainClient client;
  private final Socket upstream;

  // Guarded by the observation.
  private boolean failed;

  PlainTunnel(TunnelObservation observation, PlainClient client, Socket upstream) {
    this.observation = observation;
    this.client = client;
    this.upstream = upstream;
  }

  void run(InputStream fromUpstream) throws InterruptedException {
    Thread back =
        new Thread(
            () ->
                pump(
                    fromUpstream,
                    client.out,
                    client.socket,
                    Side.UPSTREAM,
                    observation::bytesToDownstream),
            "plain-tunnel");
    back.start();
    try {
      pump(client.in, upstreamOut(), upstream, Side.DOWNSTREAM, observation::bytesToUpstream);
    } catch (IOException closed) {
      fail(Side.UPSTREAM, closed);
    }
    back.join();
    report(observation::end);
  }

  private OutputStream upstreamOut() throws IOException {
    return upstream.getOutputStream();
  }

  private void pump(InputStream in, OutputStream out, Socket to, Side from, LongConsumer bytes) {
    byte[] buffer = new byte[8192];
    try {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
        int count = read;
        report(() -> bytes.accept(count));
      }
      report(() -> observation.closedBy(from));
      to.shutdownOutput();
      if (from == Side.UPSTREAM) {
        // The destination has closed, so further bytes of the client cannot be relayed.
        client.socket.shutdownInput();
      }
    } catch (PlainClient.Gone gone) {
      fail(Side.DOWNSTREAM, gone);
    } catch (IOException failure) {
      fail(Side.UPSTREAM, failure);
    }
  }

  private void fail(Side side, IOException failure) {
    ProxyError error =
        side == Side.DOWNSTREAM ? ProxyError.CLIENT_ABORT : ProxyError.CONNECTION_TERMINATED;
    report(
        () -> {
          observation.fail(side, error, failure);
          failed = true;
        });
    close(upstream);
    close(client.socket);
  }

  /** Reports an event of one of the two threads, unless the tunnel has failed. */
  private void report(Runnable event) {
    synchronized (observation) {
      if (!failed) {
        event.run();
      }
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException ignored) {
      // The connection is unusable in any case.
    }
  }
}
