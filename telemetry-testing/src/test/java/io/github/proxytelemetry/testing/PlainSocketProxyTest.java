package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.ProxyTelemetry;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/** Runs the contract of adapters on a proxy that is instrumented by hand. */
class PlainSocketProxyTest extends ProxyAdapterContract {
  private static final String SMALL =
      "it is the smallest proxy that proves the contract, and does not have it";

  @Override
  protected ProxyUnderTest startProxy(ProxyTelemetry telemetry, ProxySettings settings)
      throws IOException {
    return new PlainSocketProxy(telemetry, settings);
  }

  @Override
  protected Map<Capability, String> waived() {
    Map<Capability, String> waived = new EnumMap<>(Capability.class);
    waived.put(
        Capability.CLIENT_ABORT_WHILE_WAITING,
        "the connection's only thread waits for the origin and cannot see the client leave");
    waived.put(
        Capability.EARLY_RESPONSE,
        "the connection's only thread sends the whole request before it reads the response");
    waived.put(
        Capability.PIPELINE_LIMIT,
        "the connection's only thread reads one request at a time, and refuses none");
    waived.put(Capability.HANDLER_SCRIPTS, SMALL);
    waived.put(Capability.UPSTREAM_WIRE_BYTES, SMALL);
    waived.put(Capability.CONNECT_TIMEOUT, SMALL);
    waived.put(Capability.TOTAL_TIMEOUT, SMALL);
    waived.put(Capability.UPSTREAM_POOL, SMALL);
    waived.put(Capability.RETRIES, SMALL);
    waived.put(Capability.HEDGING, SMALL);
    waived.put(Capability.UPSTREAM_TLS, SMALL);
    waived.put(Capability.PROXY_CHAINING, SMALL);
    waived.put(Capability.UPSTREAM_HTTP2, SMALL);
    waived.put(Capability.TUNNEL_IDLE_TIMEOUT, SMALL);
    waived.put(Capability.TLS, SMALL);
    waived.put(Capability.TLS_HANDSHAKE_TIMEOUT, SMALL);
    waived.put(Capability.HTTP2, SMALL);
    waived.put(Capability.GRPC, SMALL);
    waived.put(Capability.HOSTILE_ORIGINS, SMALL);
    waived.put(Capability.H2C_UPGRADE, SMALL);
    waived.put(Capability.HTTP2_CONNECT, SMALL);
    waived.put(Capability.EXTENDED_CONNECT, SMALL);
    return waived;
  }
}
