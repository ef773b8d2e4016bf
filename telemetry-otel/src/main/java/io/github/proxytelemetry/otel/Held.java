package io.github.proxytelemetry.otel;

import org.jspecify.annotations.Nullable;

/**
 * Something that is open on a client's connection, as a link of the list that the connection keeps.
 * The links are guarded by the connection.
 */
abstract class Held {
  @Nullable Held previous;
  @Nullable Held next;

  /** The connection ended well under it. */
  abstract void connectionEnded();
}
