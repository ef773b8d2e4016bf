package io.github.proxytelemetry.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FreePortTest {
  @Test
  void givesNoPortTwice_andNoneThatTheKernelHandsOut() throws IOException {
    Set<Integer> given = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      int port = FreePort.next();
      assertThat(port).isBetween(10_000, 32_767);
      assertThat(given.add(port)).as("new: %s", port).isTrue();
    }
  }

  @Test
  void passesOverAPortThatHasAListener() throws IOException {
    int first = FreePort.next();
    try (ServerSocket taken = new ServerSocket(first + 1, 1, InetAddress.getLoopbackAddress())) {
      assertThat(FreePort.next()).isNotEqualTo(taken.getLocalPort());
    }
  }
}
