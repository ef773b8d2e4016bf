package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.testing.Capability;
import io.github.proxytelemetry.testing.ProxyAdapterContract;
import io.github.proxytelemetry.testing.ProxySettings;
import io.github.proxytelemetry.testing.ProxyUnderTest;
import java.util.EnumMap;
import java.util.Map;

/** Also run on the real back end, by the tests of hosts. */
public class JdkContractTest extends ProxyAdapterContract {
  @Override
  protected ProxyUnderTest startProxy(ProxyTelemetry telemetry, ProxySettings settings)
      throws Exception {
    return JdkProxyHost.start(telemetry, settings);
  }

  @Override
  protected Map<Capability, String> waived() {
    Map<Capability, String> waived = new EnumMap<>(Capability.class);
    String requestsOnly = "com.sun.net.httpserver shows requests, and no connections.";
    waived.put(Capability.CONNECTIONS, requestsOnly);
    waived.put(Capability.WIRE_BYTES, requestsOnly);
    waived.put(Capability.TLS, requestsOnly);
    waived.put(
        Capability.UPSTREAM_WIRE_BYTES, "java.net.http shows bodies, and no bytes of connections.");
    waived.put(Capability.TLS_HANDSHAKE_TIMEOUT, requestsOnly);
    waived.put(
        Capability.PIPELINE_LIMIT, "com.sun.net.httpserver reads a request after the last answer.");
    waived.put(
        Capability.INTERIM_RESPONSES,
        "java.net.http hides interim responses, and com.sun.net.httpserver cannot send them.");
    waived.put(
        Capability.TRAILERS, "Neither java.net.http nor com.sun.net.httpserver shows trailers.");
    waived.put(
        Capability.EARLY_RESPONSE,
        "java.net.http shows no response before the request's body is sent.");
    waived.put(
        Capability.CLIENT_ABORT_WHILE_WAITING,
        "com.sun.net.httpserver looks at a connection when it reads or writes.");
    waived.put(
        Capability.HANDLER_ERROR_RESPONSE,
        "com.sun.net.httpserver closes the connection when a handler throws.");
    waived.put(
        Capability.HANDLER_HANGS,
        "com.sun.net.httpserver does not show the end of a connection that waits for its answer.");
    String noTunnels = "com.sun.net.httpserver serves neither CONNECT nor upgrades.";
    waived.put(Capability.CONNECT, noTunnels);
    waived.put(Capability.TUNNEL_HALF_CLOSE, noTunnels);
    waived.put(Capability.TUNNEL_IDLE_TIMEOUT, noTunnels);
    waived.put(Capability.UPGRADE, noTunnels);
    String noHttp2 = "com.sun.net.httpserver serves HTTP/1.1 only.";
    waived.put(Capability.HTTP2, noHttp2);
    waived.put(Capability.GRPC, noHttp2);
    waived.put(Capability.H2C_UPGRADE, noHttp2);
    waived.put(Capability.HTTP2_CONNECT, noHttp2);
    waived.put(Capability.EXTENDED_CONNECT, noHttp2);
    waived.put(
        Capability.PROXY_CHAINING, "java.net.http asks the next proxy by itself, and hides it.");
    waived.put(
        Capability.BODY_TIMEOUT,
        "java.net.http has a time-out for heads only; a host that gives up a body cancels it.");
    waived.put(
        Capability.UPSTREAM_REUSE,
        "java.net.http does not show an attempt its connection in time.");
    waived.put(
        Capability.EVERY_ATTEMPT,
        "java.net.http hides that it repeats what got no byte of an answer, or was refused (25).");
    waived.put(
        Capability.SOCKET_CONNECT,
        "java.net.http shows its TLS engines, but neither sockets nor what they are opened for.");
    waived.put(Capability.PRIOR_KNOWLEDGE, "java.net.http has no HTTP/2 with prior knowledge.");
    if (Runtime.version().feature() < 25) {
      waived.put(
          Capability.GRACEFUL_GOAWAY,
          "java.net.http of JDK 17 gives up every stream when its origin goes away; 25 does not.");
    }
    return waived;
  }
}
