package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Upstream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Blocking proxy with one thread per connection, instrumented by hand. */
final class PlainSocketProxy implements ProxyUnderTest {
  private final ProxyTelemetry telemetry;
  private final ProxySettings settings;
  private final Upstream origin;
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  PlainSocketProxy(ProxyTelemetry telemetry, ProxySettings settings) throws IOException {
    this.telemetry = ProxyTelemetry.guarded(telemetry);
    this.settings = settings;
    this.origin = Upstream.named("origin", settings.originHost(), settings.originPort());
    this.server = new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    new Thread(this::accept, "plain-acceptor").start();
  }

  @Override
  public InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        open.add(socket);
        new Thread(() -> serve(socket), "plain-connection").start();
      }
    } catch (IOException closed) {
      // The server socket was closed.
    }
  }

  private void serve(Socket socket) {
    DownstreamObservation observation =
        telemetry.startDownstreamConnection(
            socket.getLocalSocketAddress(), socket.getRemoteSocketAddress());
    observation.established();
    try (socket) {
      PlainClient client = new PlainClient(socket, observation);
      boolean goOn = true;
      while (goOn) {
        goOn = serveOne(client, observation);
      }
    } catch (IOException gone) {
      // A client may disconnect between requests.
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      observation.end();
      open.remove(socket);
    }
  }

  private boolean serveOne(PlainClient client, DownstreamObservation observation)
      throws IOException, InterruptedException {
    PlainHead request;
    try {
      request = PlainHead.read(client.in);
      if (request == null) {
        return false;
      }
      request.requireRequest();
    } catch (EOFException incomplete) {
      return false;
    } catch (ProtocolException malformed) {
      client.out.write(
          "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
              .getBytes(StandardCharsets.ISO_8859_1));
      return false;
    }
    Upstream upstream = request.method().equals("CONNECT") ? named(request.target()) : origin;
    Socket socket = new Socket();
    open.add(socket);
    try {
      return new PlainForwarder(client, request, observation.startExchange(request), upstream)
          .forward(upstream, socket, settings.upstreamTimeout());
    } finally {
      open.remove(socket);
    }
  }

  private static Upstream named(String authority) {
    int colon = authority.lastIndexOf(':');
    return Upstream.of(
        authority.substring(0, colon), Integer.parseInt(authority.substring(colon + 1)));
  }
}
