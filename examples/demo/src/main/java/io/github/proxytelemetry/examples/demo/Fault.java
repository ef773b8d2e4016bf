package io.github.proxytelemetry.examples.demo;

/** Fault that the console's page switches on and off. */
enum Fault {
  SLOW_ORIGIN("Slow origin", "it answers after 250 ms"),
  REFUSED("Refused destination", "nobody listens there"),
  RESET("Origin that resets", "it hangs up in place of an answer"),
  ABORTS("Client aborts", "clients leave in the middle"),
  COLLECTOR_DOWN("Collector down", "exports are refused"),
  BURST("Burst", "clients make no pause");

  private final String title;
  private final String hint;

  Fault(String title, String hint) {
    this.title = title;
    this.hint = hint;
  }

  /** What it is called on the page. */
  String title() {
    return title;
  }

  String hint() {
    return hint;
  }
}
