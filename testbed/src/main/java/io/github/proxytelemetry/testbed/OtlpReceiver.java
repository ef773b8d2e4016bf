package io.github.proxytelemetry.testbed;

/** A real OTLP server on a free port of the loopback interface, whatever its transport. */
public interface OtlpReceiver extends AutoCloseable {
  /** Where to send to, such as {@code http://127.0.0.1:4318}. */
  String endpoint();

  /** What has arrived. */
  ReceivedTelemetry received();

  @Override
  void close();
}
