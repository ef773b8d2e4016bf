package io.github.proxytelemetry.otel.metrics;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Table of upstreams that have a configured name, and small numbers for them, at most {@value
 * #LIMIT}. Upstreams that a client chose have no number: where a user goes is no label.
 */
final class UpstreamTable {
  static final int LIMIT = 1000;
  static final int NONE = 0;
  static final int OTHER = 1;
  private static final int FIRST = 2;

  private final LongMap<Entry> byHash = new LongMap<>();
  private final List<Entry> all = new ArrayList<>();
  private final LongAdder overflows;
  private volatile boolean full;

  UpstreamTable(LongAdder overflows) {
    this.overflows = overflows;
  }

  /** An upstream, and the next one with the same hash. */
  private record Entry(Upstream upstream, int number, @Nullable Entry next) {}

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

  /** The label of a dimension, {@code null} where the number has none. */
  @Nullable String value(Dimension dimension, int number) {
    if (number == OTHER) {
      return dimension == Dimension.SERVER_PORT ? null : LabelValues.OTHER;
    }
    Upstream upstream = upstream(number);
    if (upstream == null) {
      return null;
    }
    return switch (dimension) {
      case UPSTREAM -> upstream.name();
      case SERVER_PORT -> Integer.toString(upstream.port());
      default -> upstream.host();
    };
  }

  private synchronized @Nullable Upstream upstream(int number) {
    return number < FIRST ? null : all.get(number - FIRST).upstream();
  }

  private synchronized int add(long hash, Upstream upstream) {
    Entry sameHash = byHash.get(hash);
    int number = find(sameHash, upstream);
    if (number != NONE) {
      return number;
    }
    if (all.size() >= LIMIT) {
      full = true;
      return overflow();
    }
    Entry added = new Entry(upstream, FIRST + all.size(), sameHash);
    all.add(added);
    byHash.put(hash, added);
    return added.number();
  }

  private int overflow() {
    overflows.increment();
    return OTHER;
  }

  private static int find(@Nullable Entry first, Upstream upstream) {
    for (Entry known = first; known != null; known = known.next()) {
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

  /** Strings cache their hash codes, so this is three reads. */
  private static long hash(Upstream upstream) {
    long name = String.valueOf(upstream.name()).hashCode();
    return (name << 32)
        ^ (upstream.host().hashCode() & 0xFFFFFFFFL)
        ^ ((long) upstream.port() << 20);
  }
}
