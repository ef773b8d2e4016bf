package io.github.proxytelemetry.sdk.export;

/**
 * Thrown by {@link OtlpSender} through OpenTelemetry's exporters, whose result codes know success
 * and failure only, and which log the collector's answers where they are given them.
 */
final class ExportFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Outcome outcome;

  ExportFailure(Outcome outcome) {
    super(outcome.kind().label(), null, false, false);
    this.outcome = outcome;
  }

  Outcome outcome() {
    return outcome;
  }
}
