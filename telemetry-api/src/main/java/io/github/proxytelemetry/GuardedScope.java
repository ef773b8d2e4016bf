package io.github.proxytelemetry;

/** What {@link Guard} puts around the time in which an exchange is current. */
final class GuardedScope implements Scope {
  private final Scope delegate;
  private final Guard guard;

  GuardedScope(Scope delegate, Guard guard) {
    this.delegate = delegate;
    this.guard = guard;
  }

  @Override
  public void close() {
    try {
      delegate.close();
    } catch (Throwable thrown) {
      guard.failed(thrown);
    }
  }
}
