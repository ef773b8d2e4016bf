package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Small numbers for upstreams that have a configured name, at most {@value #LIMIT}. Those that a
 * client chose have none: where a user goes is no label.
 */
final class Destinations {
  static final int LIMIT = 1000;
  static final int NONE = 0;
  static final int OTHER = 1;
  private static final int FIRST = 2;

  private final LongMap<Destination> byHash = new LongMap<>();
  private final List<Destination> all = new ArrayList<>();
  private final LongAdder overflows;
  private volatile boolean full;

  Destinations(LongAdder overflows) {
    this.overflows = overflows;
  }

  /** An upstream, and others of the same hash. */
  private record Destination(Upstream upstream, int number, @Nullable Destination next) {}

  int number(@Nullable Upstream upstream) {
    if (upstream == null || upstream.name() == null) {
      return NONE;
    }
    long hash = hash(upstream);
    int number = find(byHash.get(hash), upstream);
    if (number != NONE) {
      return number;
    }
    return full ? overflow() : add(hash, upstream);
  }

  /** The upstream of a number, {@code null} for {@link #NONE} and {@link #OTHER}. */
  synchronized @Nullable Upstream upstream(int number) {
    return number < FIRST ? null : all.get(number - FIRST).upstream();
  }

  private synchronized int add(long hash, Upstream upstream) {
    Destination sameHash = byHash.get(hash);
    int number = find(sameHash, upstream);
    if (number != NONE) {
      return number;
    }
    if (all.size() >= LIMIT) {
      full = true;
      return overflow();
    }
    Destination added = new Destination(upstream, FIRST + all.size(), sameHash);
    all.add(added);
    byHash.put(hash, added);
    return added.number();
  }

  private int overflow() {
    overflows.increment();
    return OTHER;
  }

  private static int find(@Nullable Destination first, Upstream upstream) {
    for (Destination known = first; known != null; known = known.next()) {
      Upstream other = known.upstream();
      if (other.port() == upstream.port()
          && other.host().equals(upstream.host())
          && upstream.name() != null
          && upstream.name().equals(other.name())) {
        return known.number();
      }
    }
    return NONE;
  }

  /** Strings keep their hashes, so this is three reads. */
  private static long hash(Upstream upstream) {
    long name = String.valueOf(upstream.name()).hashCode();
    return (name << 32)
        ^ (upstream.host().hashCode() & 0xFFFFFFFFL)
        ^ ((long) upstream.port() << 20);
  }
}
