package io.github.proxytelemetry.hosts.grpc;

import java.net.InetSocketAddress;

/** Reverse proxy of gRPC calls on a port of the loopback interface. */
interface GrpcProxy extends AutoCloseable {
  InetSocketAddress address();

  @Override
  void close();
}
