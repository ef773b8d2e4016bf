package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ServerTiming;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.jspecify.annotations.Nullable;

/**
 * Fields of {@code Server-Timing} as they go over the network: of durations on a grid of 0.1 ms
 * only a few are usual, so that they are seldom made anew.
 */
final class TimingFields {
  /** A power of two, and more than {@link ServerTiming} keeps ready. */
  private static final int SLOTS = 128;

  /**
   * Fields never change, so it does not matter who puts one into its slot, or sees it there late.
   */
  private static final @Nullable HttpField[] RECENT = new @Nullable HttpField[SLOTS];

  private TimingFields() {}

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
