package io.github.proxytelemetry.netty;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.proxy.ProxyHandler;

/** Presence of the Netty artifacts that a host may leave out. */
final class OptionalDependencies {
  /** Whether {@code netty-codec-http2} is present. */
  static final boolean HTTP2 = isHttp2Present();

  /** Whether {@code netty-handler-proxy} is present. */
  static final boolean PROXY_HANDLER = isProxyHandlerPresent();

  private static boolean isHttp2Present() {
    try {
      return Http2Codec.isLinked();
    } catch (NoClassDefFoundError absent) {
      return false;
    }
  }

  private static boolean isProxyHandlerPresent() {
    try {
      return ProxyHandlerArtifact.isLinked();
    } catch (NoClassDefFoundError absent) {
      return false;
    }
  }

  private static final class Http2Codec {
    static boolean isLinked() {
      return Http2Error.NO_ERROR.code() == 0;
    }
  }

  private static final class ProxyHandlerArtifact {
    static boolean isLinked() {
      return ProxyHandler.class.getName() != null;
    }
  }

  private OptionalDependencies() {}
}
