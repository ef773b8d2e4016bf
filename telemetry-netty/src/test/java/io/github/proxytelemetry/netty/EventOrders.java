package io.github.proxytelemetry.netty;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs steps in many random orders, and shrinks an order that fails.
 *
 * @param <W> fixture of the steps, new for each order; closing it checks the invariants
 */
final class EventOrders<W extends EventOrders.World> {
  private static final int LONGEST = 30;

  /** Fixture of the steps. */
  interface World extends AutoCloseable {
    /** Closes the fixture; throws if an invariant is violated. */
    @Override
    void close();
  }

  /** One event. */
  record Step<W>(String name, Consumer<W> action) {
    @Override
    public String toString() {
      return name;
    }
  }

  private final Supplier<W> world;
  private final Function<Random, Step<W>> anyStep;

  EventOrders(Supplier<W> world, Function<Random, Step<W>> anyStep) {
    this.world = world;
    this.anyStep = anyStep;
  }

  /** Runs the orders of the seeds from 0 on. */
  void check(int orders) {
    for (int seed = 0; seed < orders; seed++) {
      List<Step<W>> order = order(seed);
      if (fault(order) != null) {
        List<Step<W>> shortest = shrink(order);
        throw new AssertionError("seed " + seed + ": " + shortest, fault(shortest));
      }
    }
  }

  private List<Step<W>> order(long seed) {
    Random random = new Random(seed);
    List<Step<W>> order = new ArrayList<>();
    for (int i = random.nextInt(LONGEST); i >= 0; i--) {
      order.add(anyStep.apply(random));
    }
    return order;
  }

  private @Nullable Throwable fault(List<Step<W>> order) {
    try (W fresh = world.get()) {
      order.forEach(step -> step.action().accept(fresh));
      return null;
    } catch (RuntimeException | AssertionError fault) {
      return fault;
    }
  }

  /** Removes each step that is not needed for the failure. */
  private List<Step<W>> shrink(List<Step<W>> failing) {
    List<Step<W>> shortest = failing;
    for (int i = 0; i < shortest.size(); ) {
      List<Step<W>> without = new ArrayList<>(shortest);
      without.remove(i);
      if (fault(without) == null) {
        i++;
      } else {
        shortest = without;
        i = 0;
      }
    }
    return shortest;
  }
}
