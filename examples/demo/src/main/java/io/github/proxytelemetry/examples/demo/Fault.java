package io.github.proxytelemetry.examples.demo;

/** Fault that the console's page switches on and off. */
enum Fault {
  SLOW_ORIGIN("Slow origin", "answers after 250 ms"),
  REFUSED("Origin refuses", "nobody listens there"),
  RESET("Origin resets", "hangs up, no answer"),
  ABORTS("Clients abort", "leave in the middle"),
  COLLECTOR_DOWN("Collector down", "exports are refused"),
  BURST("Burst", "no pauses");

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
