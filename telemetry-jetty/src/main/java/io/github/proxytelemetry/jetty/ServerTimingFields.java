package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ServerTiming;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.jspecify.annotations.Nullable;

/**
 * Cache of encoded {@code Server-Timing} fields. Durations have a resolution of 0.1 ms and few of
 * them are frequent, so most fields are reused.
 */
final class ServerTimingFields {
  /** A power of two, larger than the cache of {@link ServerTiming}. */
  private static final int SLOTS = 128;

  /** Unsynchronized: fields are immutable, and a lost update costs one more encoding. */
  private static final @Nullable HttpField[] RECENT = new @Nullable HttpField[SLOTS];

  private ServerTimingFields() {}

  static HttpField of(String value) {
    int slot = value.hashCode() & (SLOTS - 1);
    HttpField field = RECENT[slot];
    if (field == null || !value.equals(field.getValue())) {
      field = new PreEncodedHttpField(ServerTiming.HEADER, value);
      RECENT[slot] = field;
    }
    return field;
  }
}
