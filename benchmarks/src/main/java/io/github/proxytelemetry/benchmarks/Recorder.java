package io.github.proxytelemetry.benchmarks;

import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.otel.OtelProxyTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a mode records into, on every host: the same kind of SDK for us and for a peer.
 *
 * @param telemetry ours, which is off where a peer records
 * @param sdk where it arrives; {@code null} where nothing is recorded into one
 * @param traces whether there have to be spans
 */
record Recorder(ProxyTelemetry telemetry, @Nullable Sdk sdk, boolean traces)
    implements AutoCloseable {
  private static final Duration LONG = Duration.ofHours(1);

  static Recorder of(String mode) {
    return switch (mode) {
      case "none", "control", "off", "peerMicrometer" -> off(null, false);
      case "metrics", "clientMetrics" -> ours(OwnSdk.metricsOnly(), false);
      case "ratio1" -> ours(OwnSdk.tracing(Sampling.ratio(0.01)), true);
      case "unsampled" -> ours(OwnSdk.tracing(Sampling.never()), false);
      case "late" -> ours(OwnSdk.tracing(Sampling.never().keepErrorsAndSlow(LONG)), false);
      case "all" -> ours(OwnSdk.tracing(Sampling.always()), true);
      case "layers" -> ours(OwnSdk.layers(Sampling.ratio(0.01)), true);
      case "hostRatio1" -> ours(new HostSdk(0.01));
      case "ratio100", "clientRatio100" -> ours(new HostSdk(1));
      case "peerMetrics" -> off(OwnSdk.metricsOnly(), false);
      case "peerRatio1" -> off(new HostSdk(0.01), true);
      case "peerRatio100" -> off(new HostSdk(1), true);
      default -> throw new IllegalArgumentException("mode: was \"" + mode + '"');
    };
  }

  /** The name under which an instrument of ours is exported. */
  static String name(Instrument instrument) {
    return Objects.requireNonNull(MetricNaming.PRIVACY_PROXY.name(instrument));
  }

  /** Of ours: how many values an instrument shows. */
  long count(Instrument instrument) {
    return count(name(instrument));
  }

  long count(String metric) {
    return Objects.requireNonNull(sdk).count(metric);
  }

  OpenTelemetry openTelemetry() {
    return Objects.requireNonNull(sdk).openTelemetry();
  }

  /** Fails unless exactly so much arrived, and spans where there have to be some. */
  void verify(long requests, long attempts, long tunnels) {
    Instrumentation.require(count(Instrument.REQUESTS_TOTAL) == requests, "requests");
    Instrumentation.require(count(Instrument.ATTEMPTS_TOTAL) == attempts, "attempts");
    Instrumentation.require(count(Instrument.TUNNEL_DURATION_SECONDS) == tunnels, "tunnels");
    Instrumentation.require(count(Instrument.TUNNELS_ACTIVE) == 0, "tunnels that are open");
    Instrumentation.require(count(Instrument.REQUESTS_IN_PROGRESS) == 0, "requests in progress");
    verifySpans();
  }

  /** The same of OpenTelemetry's own instrumentation. */
  void verifyPeer(long requests, long forwarded) {
    Instrumentation.require(count("http.server.request.duration") == requests, "requests");
    Instrumentation.require(count("http.client.request.duration") == forwarded, "client requests");
    verifySpans();
  }

  /** The same of a gateway that opens no tunnels, and whose peer sees the upstream leg only. */
  void verifyGateway(String mode, long requests) {
    if (mode.startsWith("peer")) {
      verifyPeer(0, requests);
    } else if (sdk != null) {
      verify(mode.startsWith("client") ? 0 : requests, requests, 0);
    }
  }

  @Override
  public void close() {
    if (sdk != null) {
      sdk.close();
    }
  }

  private void verifySpans() {
    Instrumentation.require(!traces || Objects.requireNonNull(sdk).hasExportedSpans(), "spans");
  }

  private static Recorder off(@Nullable Sdk sdk, boolean traces) {
    return new Recorder(ProxyTelemetry.noop(), sdk, traces);
  }

  private static Recorder ours(OwnSdk sdk, boolean traces) {
    return new Recorder(sdk.telemetry(), sdk, traces);
  }

  private static Recorder ours(HostSdk sdk) {
    return new Recorder(OtelProxyTelemetry.create(sdk.openTelemetry()), sdk, true);
  }
}
