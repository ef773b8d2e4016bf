package io.github.proxytelemetry.sdk.export;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * Reader of single protobuf fields. OTLP's answers have a number or two, which are not worth a
 * dependency on a protobuf runtime, whose version would have to fit the host's.
 */
record ProtoFields(long number, ByteBuffer bytes) {
  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED_32 = 5;
  private static final int MAX_VARINT_BITS = 64;

  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  private static final ProtoFields NONE = new ProtoFields(0, EMPTY);

  /** The last varint with that field number, 0 if absent or the message is malformed. */
  static long number(ByteBuffer message, int field) {
    return last(message, field).number;
  }

  /** The last embedded message with that field number, an empty one if absent. */
  static ByteBuffer message(ByteBuffer message, int field) {
    return last(message, field).bytes;
  }

  private static ProtoFields last(ByteBuffer message, int field) {
    ProtoFields last = NONE;
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
          last = new ProtoFields(number, bytes);
        }
      }
    } catch (BufferUnderflowException e) {
      // Malformed or cut off: the fields read so far count.
    }
    return last;
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
}
