package io.github.proxytelemetry.netty;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts steps into many random orders, and makes the order that fails as short as it can be.
 *
 * @param <W> what the steps are made on, new for each order; closing it checks what must hold
 */
final class EventOrders<W extends EventOrders.World> {
  private static final int LONGEST = 30;

  /** What steps are made on. */
  interface World extends AutoCloseable {
    /** Ends it, and throws what does not hold then. */
    @Override
    void close();
  }

  /** One thing that may happen. */
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

  /** Tries the orders of the seeds from 0 on. */
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

  /** Leaves out every step without which it fails as well, until none is left. */
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
