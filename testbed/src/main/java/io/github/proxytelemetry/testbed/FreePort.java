package io.github.proxytelemetry.testbed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports for programs that cannot be asked which one they chose. */
public final class FreePort {
  private FreePort() {}

  /** A port of the loopback interface on which nothing listens now. */
  public static int next() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
