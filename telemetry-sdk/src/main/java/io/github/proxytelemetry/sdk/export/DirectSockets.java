package io.github.proxytelemetry.sdk.export;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import javax.net.SocketFactory;

/**
 * Factory of sockets that use no SOCKS proxy. Those of the default factory ask the Java runtime for
 * one, even in a client that is configured without a proxy.
 */
final class DirectSockets extends SocketFactory {
  @Override
  public Socket createSocket() {
    return new Socket(Proxy.NO_PROXY);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connect(createSocket(), new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return connect(bound(local, localPort), new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connect(createSocket(), new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return connect(bound(local, localPort), new InetSocketAddress(host, port));
  }

  private Socket bound(InetAddress local, int port) throws IOException {
    Socket socket = createSocket();
    socket.bind(new InetSocketAddress(local, port));
    return socket;
  }

  private static Socket connect(Socket socket, InetSocketAddress address) throws IOException {
    socket.connect(address);
    return socket;
  }
}
