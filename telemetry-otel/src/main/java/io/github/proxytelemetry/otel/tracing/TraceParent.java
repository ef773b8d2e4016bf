package io.github.proxytelemetry.otel.tracing;

import io.opentelemetry.api.trace.SpanContext;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Header {@code traceparent} of version 00 (W3C Trace Context, section 3.2). */
final class TraceParent {
  private static final int LENGTH = 55;
  private static final int TRACE_ID = 3;
  private static final int TRACE_LOW = 19;
  private static final int SPAN_ID = 36;
  private static final int FLAGS = 53;
  private static final int SAMPLED_FLAG = 1;

  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private static final String EMPTY = "00-" + "0".repeat(32) + '-' + "0".repeat(16) + "-00";

  /** A power of two. */
  private static final int SLOTS = 16;

  /**
   * Buffers that no thread is writing to. Which one a thread takes is as random as the id, so that
   * few threads meet at one.
   */
  private static final AtomicReferenceArray<byte[]> BUFFERS = new AtomicReferenceArray<>(SLOTS);

  private TraceParent() {}

  /**
   * Writes one. The text is all that an unsampled request allocates for its header; a concatenation
   * of as many known texts would allocate no more, and take four times as long.
   */
  static String of(long high, long low, long span, byte flags) {
    int slot = (int) span & (SLOTS - 1);
    byte[] buffer = BUFFERS.getAndSet(slot, null);
    if (buffer == null) {
      buffer = EMPTY.getBytes(StandardCharsets.US_ASCII);
    }
    write(high, buffer, TRACE_ID, TRACE_LOW);
    write(low, buffer, TRACE_LOW, SPAN_ID - 1);
    write(span, buffer, SPAN_ID, FLAGS - 1);
    write(flags, buffer, FLAGS, LENGTH);
    String header = new String(buffer, StandardCharsets.ISO_8859_1);
    BUFFERS.setRelease(slot, buffer);
    return header;
  }

  /** Writes the last digits of a number, from right to left. */
  private static void write(long number, byte[] buffer, int from, int to) {
    long left = number;
    for (int i = to - 1; i >= from; i--) {
      buffer[i] = DIGITS[(int) left & 0xF];
      left >>>= 4;
    }
  }

  static String of(SpanContext ids) {
    return "00-" + ids.getTraceId() + '-' + ids.getSpanId() + '-' + ids.getTraceFlags().asHex();
  }

  /** Whether it is valid and not sampled; what a later version may mean is not decided here. */
  static boolean isUnsampled(String header) {
    return header.length() == LENGTH
        && header.startsWith("00-")
        && header.charAt(SPAN_ID - 1) == '-'
        && header.charAt(FLAGS - 1) == '-'
        && isHex(header, TRACE_ID, SPAN_ID - 1)
        && isHex(header, SPAN_ID, FLAGS - 1)
        && isHex(header, FLAGS, LENGTH)
        && (traceHigh(header) != 0 || traceLow(header) != 0)
        && number(header, SPAN_ID) != 0
        && (flags(header) & SAMPLED_FLAG) == 0;
  }

  static long traceHigh(String header) {
    return number(header, TRACE_ID);
  }

  static long traceLow(String header) {
    return number(header, TRACE_LOW);
  }

  static byte flags(String header) {
    return (byte) HexFormat.fromHexDigits(header, FLAGS, LENGTH);
  }

  private static long number(String header, int from) {
    return HexFormat.fromHexDigitsToLong(header, from, from + 16);
  }

  /** In lower case only. */
  private static boolean isHex(String header, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = header.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }
}
