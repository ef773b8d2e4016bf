package io.github.proxytelemetry.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** Switches that a host adds to the page. */
final class Toggles {
  private final List<Toggle> toggles = new ArrayList<>();

  /** A switch and its position. */
  private static final class Toggle {
    final String name;
    final String hint;
    final Consumer<Boolean> action;
    boolean on;

    Toggle(String name, String hint, Consumer<Boolean> action) {
      this.name = Objects.requireNonNull(name, "name");
      this.hint = Objects.requireNonNull(hint, "hint");
      this.action = Objects.requireNonNull(action, "action");
    }
  }

  synchronized void add(String name, String hint, Consumer<Boolean> action) {
    toggles.add(new Toggle(name, hint, action));
  }

  synchronized boolean isEmpty() {
    return toggles.isEmpty();
  }

  /** Sets the switch that a path names; returns whether there is one. */
  synchronized boolean set(String path) {
    for (int i = 0; i < toggles.size(); i++) {
      Toggle toggle = toggles.get(i);
      for (boolean on : new boolean[] {true, false}) {
        if (path.equals("/toggles/" + i + (on ? "/on" : "/off"))) {
          if (toggle.on != on) {
            toggle.action.accept(on);
            toggle.on = on;
          }
          return true;
        }
      }
    }
    return false;
  }

  synchronized void write(Json json) {
    json.array();
    for (Toggle toggle : toggles) {
      json.array().value(toggle.name).value(toggle.hint).value(toggle.on).end();
    }
    json.end();
  }
}
