package io.github.proxytelemetry.examples.demo;

import io.github.proxytelemetry.testbed.FreePort;
import io.github.proxytelemetry.testbed.RawClient;
import io.github.proxytelemetry.testbed.TestOrigin;
import io.github.proxytelemetry.testbed.TlsFixture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** A few clients that send requests through the proxy until they are stopped. */
final class Traffic {
  private static final int CLIENTS = 4;
  private static final int MAX_PAUSE_MILLIS = 60;

  /** How much of the traffic a fault takes, in percent. */
  private static final int FAULTY = 40;

  private static final int STOP_SECONDS = 10;

  private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong errors = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final InetSocketAddress proxy;
  private final TestOrigin origin;
  private final TestOrigin tlsOrigin;
  private final SSLContext tls;
  private final String refused = "http://127.0.0.1:" + FreePort.next() + "/";
  private final Set<Fault> faults = ConcurrentHashMap.newKeySet();
  private final String resetting;
  private volatile boolean stopped;

  Traffic(
      InetSocketAddress proxy,
      TestOrigin origin,
      TestOrigin tlsOrigin,
      ResettingOrigin resetting,
      TlsFixture tls)
      throws IOException, GeneralSecurityException {
    this.proxy = proxy;
    this.resetting = "http://" + resetting.authority() + "/";
    this.origin = origin;
    this.tlsOrigin = tlsOrigin;
    this.tls = tls.client();
  }

  void start() {
    for (int i = 0; i < CLIENTS; i++) {
      threads.execute(this::run);
    }
  }

  void set(Fault fault, boolean on) {
    if (on) {
      faults.add(fault);
    } else {
      faults.remove(fault);
    }
  }

  /** Requests that were sent. */
  long requests() {
    return requests.get();
  }

  /** Those among them that were meant to go wrong: refused, blocked or left by the client. */
  long errors() {
    return errors.get();
  }

  /** What went wrong unmeant. */
  long failures() {
    return failures.get();
  }

  /** Lets every client finish what it does. */
  void stop() throws InterruptedException {
    stopped = true;
    threads.shutdown();
    if (!threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
      threads.shutdownNow();
    }
  }

  private void run() {
    while (!stopped) {
      try {
        visit();
        if (!faults.contains(Fault.BURST)) {
          TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(MAX_PAUSE_MILLIS));
        }
      } catch (IOException e) {
        failures.incrementAndGet();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** One connection of a client. */
  private void visit() throws IOException {
    int percent = ThreadLocalRandom.current().nextInt(100);
    try (RawClient client = new RawClient(proxy)) {
      if (ThreadLocalRandom.current().nextInt(100) < FAULTY && visitFaulty(client, percent)) {
        return;
      }
      if (percent < 75) {
        get(client, url("/bytes?n=" + percent * 100));
        get(client, url("/hello"));
      } else if (percent < 88) {
        requests.incrementAndGet();
        client.connect(tlsOrigin.authority());
        client.startTls(tls);
        client.get("/hello");
      } else if (percent < 92) {
        errors.incrementAndGet();
        get(client, "http://" + Demo.BLOCKED + "/");
      } else if (percent < 96) {
        errors.incrementAndGet();
        get(client, refused);
      } else {
        leaveEarly(client);
      }
    }
  }

  /** One of the faults that are switched on; returns whether there was any. */
  private boolean visitFaulty(RawClient client, int percent) throws IOException {
    List<Fault> on =
        Stream.of(Fault.SLOW_ORIGIN, Fault.REFUSED, Fault.RESET, Fault.ABORTS)
            .filter(faults::contains)
            .toList();
    if (on.isEmpty()) {
      return false;
    }
    switch (on.get(percent % on.size())) {
      case SLOW_ORIGIN -> get(client, url("/slow?ms=250"));
      case REFUSED -> {
        errors.incrementAndGet();
        get(client, refused);
      }
      case RESET -> {
        errors.incrementAndGet();
        get(client, resetting);
      }
      default -> leaveEarly(client);
    }
    return true;
  }

  private void get(RawClient client, String url) throws IOException {
    requests.incrementAndGet();
    client.get(url);
  }

  /** Leaves in the middle of a response. */
  private void leaveEarly(RawClient client) throws IOException {
    requests.incrementAndGet();
    errors.incrementAndGet();
    client.send("GET " + url("/bytes?n=20000000") + " HTTP/1.1\r\nHost: x\r\n\r\n");
    client.readSome(1000);
    client.reset();
  }

  private String url(String path) {
    return "http://" + origin.authority() + path;
  }
}
