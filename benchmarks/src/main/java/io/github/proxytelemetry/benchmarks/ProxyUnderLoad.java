package io.github.proxytelemetry.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.LongStream;

/**
 * The process that {@link WholeProxy} measures. It prints its ports and its Java version, and then
 * answers one line of standard input after the other: {@code verify REQUESTS TUNNELS}, or {@code
 * usage}. The end of the input ends it.
 */
final class ProxyUnderLoad {
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** What is told after the response, such as the end of a tunnel, has this long to be told. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final long PAUSE_MILLIS = 20;

  private ProxyUnderLoad() {}

  /** Takes the host, the mode and the port of the origin. */
  public static void main(String[] arguments) throws Exception {
    int origin = Integer.parseInt(arguments[2]);
    try (ProxyHost host = Host.of(arguments[0]).start(arguments[1], origin)) {
      System.out.println(host.http1() + " " + host.http2() + " " + Runtime.version());
      answer(host);
    }
  }

  private static void answer(ProxyHost host) throws IOException, InterruptedException {
    BufferedReader questions =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String line = questions.readLine(); line != null; line = questions.readLine()) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("verify")) {
        verify(host, Long.parseLong(words[1]), Long.parseLong(words[2]));
        System.out.println("verified");
      } else {
        System.out.println(usage());
      }
    }
  }

  private static void verify(ProxyHost host, long requests, long tunnels)
      throws InterruptedException {
    long start = System.nanoTime();
    while (true) {
      try {
        host.verify(requests, tunnels);
        return;
      } catch (IllegalStateException e) {
        if (System.nanoTime() - start > PATIENCE.toNanos()) {
          throw e;
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    }
  }

  /**
   * The process's own figures so far: processor time in nanoseconds, that of its threads in user
   * space, bytes allocated by all threads, those of exporters included, and milliseconds of
   * compilation.
   */
  private static String usage() {
    long[] threads = THREADS.getAllThreadIds();
    return PROCESS.getProcessCpuTime()
        + " "
        + LongStream.of(THREADS.getThreadUserTime(threads)).sum()
        + " "
        + LongStream.of(THREADS.getThreadAllocatedBytes(threads)).sum()
        + " "
        + ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
  }
}
