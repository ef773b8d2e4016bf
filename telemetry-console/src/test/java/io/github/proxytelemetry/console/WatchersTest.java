package io.github.proxytelemetry.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class WatchersTest {
  private static final int MANY = 1000;

  @Test
  void refusesMorePagesThanItHasPlacesFor() throws Exception {
    List<Socket> pages = new ArrayList<>();
    try (Console console = Console.start()) {
      int watching = 0;
      for (int i = 0; i < MANY; i++) {
        Socket page = console.connect();
        pages.add(page);
        Console.write(page, console.request("GET", "/events") + "\r\n");
        String status = status(page);
        if (status.contains(" 200 ")) {
          watching++;
        } else {
          assertThat(status).contains(" 503 ");
          page.close();
        }
      }
      assertThat(watching).isEqualTo(Watchers.MAX);
      // Everything else is still served.
      assertThat(console.status("GET", "/")).isEqualTo(200);

      for (Socket page : pages) {
        page.close();
      }
      // Those who left are noticed at the next events.
      await(() -> !isFull(console));
      assertThat(console.await(state -> true).at("/service").asText()).isEqualTo("edge");
    } finally {
      for (Socket page : pages) {
        page.close();
      }
    }
  }

  @Test
  void dropsPagesThatDoNotRead() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ThreadPoolExecutor threads = (ThreadPoolExecutor) Executors.newFixedThreadPool(2);
    List<Socket> pages = new ArrayList<>();
    try (ProxyTelemetrySdk telemetry = ProxyTelemetrySdk.builder("edge").liveView().build()) {
      Watchers watchers = new Watchers(new State(telemetry, new Toggles()), 1);
      server.setExecutor(threads);
      server.createContext(
          "/",
          exchange -> {
            assertThat(watchers.reserve()).isTrue();
            watchers.add(exchange);
          });
      server.start();
      try {
        for (int i = 0; i < Watchers.MAX; i++) {
          Socket page = new Socket();
          page.setReceiveBufferSize(4096);
          page.connect(server.getAddress());
          pages.add(page);
          Console.write(page, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
          assertThat(status(page)).contains(" 200 ");
        }
        // Open pages hold no thread of the server.
        await(() -> threads.getActiveCount() == 0 && !watchers.isEmpty());
        assertThat(watchers.reserve()).isFalse();
        // More than any buffer of the system takes.
        watchers.send("x".repeat(16_000_000));
        await(watchers::isEmpty);
        assertThat(watchers.reserve()).isTrue();
      } finally {
        server.stop(0);
        watchers.close();
      }
    } finally {
      threads.shutdownNow();
      for (Socket page : pages) {
        page.close();
      }
    }
  }

  @Test
  void answersWhileRequestsHang() throws Exception {
    List<Socket> hanging = new ArrayList<>();
    try (Console console = Console.start()) {
      // More than there are threads; each stops in the middle of its head.
      for (int i = 0; i < 20; i++) {
        Socket socket = console.connect();
        hanging.add(socket);
        Console.write(socket, "GET / HTTP/1.1\r\nHost: ");
      }
      // After their time is up.
      assertThat(console.status("GET", "/")).isEqualTo(200);
      for (Socket socket : hanging) {
        assertThat(ends(socket)).isTrue();
      }
    } finally {
      for (Socket socket : hanging) {
        socket.close();
      }
    }
  }

  private static boolean isFull(Console console) {
    try (Socket page = console.connect()) {
      Console.write(page, console.request("GET", "/events") + "\r\n");
      return status(page).contains(" 503 ");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean ends(Socket socket) {
    try {
      return socket.getInputStream().readAllBytes() != null;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private static String status(Socket socket) throws IOException {
    return new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8), 16)
        .readLine();
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Console.LIMIT.toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }
}
