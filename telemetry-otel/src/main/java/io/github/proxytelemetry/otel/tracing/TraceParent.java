package io.github.proxytelemetry.otel.tracing;

import io.opentelemetry.api.trace.SpanContext;
import java.util.HexFormat;

/** Header {@code traceparent} of version 00 (W3C Trace Context, section 3.2). */
final class TraceParent {
  private static final int LENGTH = 55;
  private static final int TRACE_ID = 3;
  private static final int SPAN_ID = 36;
  private static final int FLAGS = 53;
  private static final int SAMPLED_FLAG = 1;

  /** The two digits of each byte. */
  private static final String[] HEX = digits();

  private TraceParent() {}

  /**
   * Writes one. A concatenation of known texts is the only way to a text in Java that fills no
   * buffer first, and this is all that an unsampled request allocates for its header.
   */
  static String of(long high, long low, long span, byte flags) {
    return "00-"
        + HEX[(int) (high >>> 56)]
        + HEX[(int) (high >>> 48) & 0xFF]
        + HEX[(int) (high >>> 40) & 0xFF]
        + HEX[(int) (high >>> 32) & 0xFF]
        + HEX[(int) (high >>> 24) & 0xFF]
        + HEX[(int) (high >>> 16) & 0xFF]
        + HEX[(int) (high >>> 8) & 0xFF]
        + HEX[(int) high & 0xFF]
        + HEX[(int) (low >>> 56)]
        + HEX[(int) (low >>> 48) & 0xFF]
        + HEX[(int) (low >>> 40) & 0xFF]
        + HEX[(int) (low >>> 32) & 0xFF]
        + HEX[(int) (low >>> 24) & 0xFF]
        + HEX[(int) (low >>> 16) & 0xFF]
        + HEX[(int) (low >>> 8) & 0xFF]
        + HEX[(int) low & 0xFF]
        + '-'
        + HEX[(int) (span >>> 56)]
        + HEX[(int) (span >>> 48) & 0xFF]
        + HEX[(int) (span >>> 40) & 0xFF]
        + HEX[(int) (span >>> 32) & 0xFF]
        + HEX[(int) (span >>> 24) & 0xFF]
        + HEX[(int) (span >>> 16) & 0xFF]
        + HEX[(int) (span >>> 8) & 0xFF]
        + HEX[(int) span & 0xFF]
        + '-'
        + HEX[flags & 0xFF];
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
    return number(header, TRACE_ID + 16);
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

  private static String[] digits() {
    String[] digits = new String[256];
    for (int i = 0; i < digits.length; i++) {
      digits[i] = HexFormat.of().toHexDigits((byte) i);
    }
    return digits;
  }
}
