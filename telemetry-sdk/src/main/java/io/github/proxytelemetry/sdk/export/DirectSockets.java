package io.github.proxytelemetry.sdk.export;

import java.net.InetAddress;
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

  // OkHttp connects its sockets itself.

  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException();
  }
}
