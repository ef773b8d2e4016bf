package io.github.proxytelemetry.console;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Clock of the console: reads the telemetry once a second, and tells the open pages. */
final class Ticker {
  private static final System.Logger LOGGER = System.getLogger(Ticker.class.getPackageName());

  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, DeadlineThreads.daemons("proxy-telemetry-console-ticker"));
  private final State state;
  private final Watchers watchers;
  private @Nullable Future<?> ticks;
  private boolean failing;

  Ticker(State state, Watchers watchers) {
    this.state = state;
    this.watchers = watchers;
  }

  void start() {
    ticks = timer.scheduleWithFixedDelay(this::tick, 0, 1, TimeUnit.SECONDS);
  }

  void close() {
    if (ticks != null) {
      ticks.cancel(true);
    }
    timer.shutdownNow();
  }

  private void tick() {
    try {
      state.read();
      if (!watchers.isEmpty()) {
        watchers.send(state.next());
      }
      failing = false;
    } catch (RuntimeException | Error e) {
      // A callback of the host, or no memory: the next second is another try.
      if (!failing) {
        failing = true;
        LOGGER.log(
            System.Logger.Level.WARNING,
            "The console cannot read the telemetry: "
                + e.getClass().getName()
                + ". Traffic is not affected.");
      }
    }
  }
}
