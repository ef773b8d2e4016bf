package io.github.proxytelemetry.otel.recording;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Exchange or tunnel open on a client's connection: node of the connection's linked list, and the
 * atomic state bits that decide which terminal call wins. The links are guarded by the connection.
 */
abstract class OpenOnConnection {
  // Flags of the state, and above them the first fault.
  static final int REQUEST_ENDED = 1;
  static final int RESPONSE_ENDED = 2;
  static final int TUNNELLED = 4;
  static final int ENDED = 8;
  private static final int FAULT_SHIFT = 8;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(OpenOnConnection.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @Nullable OpenOnConnection previous;
  @Nullable OpenOnConnection next;
  private volatile int state;

  /** The connection ended while this was open. */
  abstract void connectionEnded();

  /** Whether any of the flags is set. */
  final boolean is(int flags) {
    return (state & flags) != 0;
  }

  /** Sets a flag, and returns the state before. */
  final int getAndSet(int flag) {
    while (true) {
      int before = state;
      if ((before & flag) != 0 || STATE.compareAndSet(this, before, before | flag)) {
        return before;
      }
    }
  }

  /** Ends one half, and all if the other half has ended; returns the state before. */
  final int endHalf(int half, int other) {
    while (true) {
      int before = state;
      int after = before | half | ((before & other) != 0 ? ENDED : 0);
      if ((before & half) != 0 || STATE.compareAndSet(this, before, after)) {
        return before;
      }
    }
  }

  /** Sets the fault, unless there is one: the first one counts. */
  final void setFirstFault(@Nullable Side side, @Nullable ProxyError error) {
    if (side == null || error == null) {
      return;
    }
    int fault = Fault.of(side, error) << FAULT_SHIFT;
    int before = state;
    while (before >>> FAULT_SHIFT == Fault.NONE
        && !STATE.compareAndSet(this, before, before | fault)) {
      before = state;
    }
  }

  /** The first fault, or {@link Fault#NONE}. */
  final int fault() {
    return state >>> FAULT_SHIFT;
  }
}
