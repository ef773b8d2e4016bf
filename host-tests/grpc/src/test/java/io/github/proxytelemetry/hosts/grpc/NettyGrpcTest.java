package io.github.proxytelemetry.hosts.grpc;

import io.github.proxytelemetry.ProxyTelemetry;
import java.net.InetSocketAddress;

class NettyGrpcTest extends GrpcContract {
  @Override
  GrpcProxy start(ProxyTelemetry telemetry, InetSocketAddress origin) throws Exception {
    return new NettyGrpcProxy(telemetry, origin);
  }
}
