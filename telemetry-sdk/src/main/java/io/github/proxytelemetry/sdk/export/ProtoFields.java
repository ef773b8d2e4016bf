package io.github.proxytelemetry.sdk.export;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * Reader of single protobuf fields. OTLP's answers have a number or two, which are not worth a
 * dependency on a protobuf runtime, whose version would have to fit the host's.
 */
final class ProtoFields {
  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED_32 = 5;
  private static final int MAX_VARINT_BITS = 64;

  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  private ProtoFields() {}

  /** The last varint with that field number, 0 if absent or the message is malformed. */
  static long number(ByteBuffer message, int field) {
    long[] value = new long[1];
    read(message, field, (number, bytes) -> value[0] = number);
    return value[0];
  }

  /** The last embedded message with that field number, an empty one if absent. */
  static ByteBuffer message(ByteBuffer message, int field) {
    ByteBuffer[] value = {EMPTY};
    read(message, field, (number, bytes) -> value[0] = bytes);
    return value[0];
  }

  private static void read(ByteBuffer message, int field, Visitor visitor) {
    ByteBuffer rest = message.slice();
    try {
      while (rest.hasRemaining()) {
        long tag = varint(rest);
        long number = 0;
        ByteBuffer bytes = EMPTY;
        switch ((int) (tag & 7)) {
          case VARINT -> number = varint(rest);
          case FIXED_64 -> rest.getLong();
          case BYTES -> bytes = slice(rest, varint(rest));
          case FIXED_32 -> rest.getInt();
          default -> throw new BufferUnderflowException();
        }
        if (tag >>> 3 == field) {
          visitor.found(number, bytes);
        }
      }
    } catch (BufferUnderflowException e) {
      // Malformed or cut off: the fields read so far count.
    }
  }

  private static long varint(ByteBuffer rest) {
    long value = 0;
    for (int shift = 0; shift < MAX_VARINT_BITS; shift += 7) {
      byte next = rest.get();
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new BufferUnderflowException();
  }

  private static ByteBuffer slice(ByteBuffer rest, long length) {
    if (length < 0 || length > rest.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer bytes = rest.slice(rest.position(), (int) length);
    rest.position(rest.position() + (int) length);
    return bytes;
  }

  private interface Visitor {
    void found(long number, ByteBuffer bytes);
  }
}
