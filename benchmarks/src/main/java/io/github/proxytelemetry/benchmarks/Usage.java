package io.github.proxytelemetry.benchmarks;

/**
 * What a process has used, by its own account.
 *
 * @param cpuNanos processor time, the kernel's included
 * @param userNanos without the kernel's, and without the virtual machine's own threads
 * @param bytes allocated by all threads
 * @param compilerMillis time of just-in-time compilation
 */
record Usage(long cpuNanos, long userNanos, long bytes, long compilerMillis) {
  static Usage parse(String line) {
    String[] words = line.split(" ", -1);
    return new Usage(
        Long.parseLong(words[0]),
        Long.parseLong(words[1]),
        Long.parseLong(words[2]),
        Long.parseLong(words[3]));
  }

  Usage minus(Usage earlier) {
    return new Usage(
        cpuNanos - earlier.cpuNanos,
        userNanos - earlier.userNanos,
        bytes - earlier.bytes,
        compilerMillis - earlier.compilerMillis);
  }
}
