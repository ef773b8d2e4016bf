package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.ProxyError;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.handler.timeout.WriteTimeoutException;
import org.jspecify.annotations.Nullable;

/** What Netty's exceptions mean. */
final class Failures {
  private static final String DNS_TIMEOUT = "io.netty.resolver.dns.DnsNameResolverTimeoutException";

  static ProxyError classify(@Nullable Throwable failure) {
    ProxyError error = ProxyError.of(failure, Failures::ofOne);
    // A codec that cannot read what came wraps what it has found, if anything, in its exception.
    return error == ProxyError.PROXY_INTERNAL_ERROR && failure instanceof CodecException
        ? ProxyError.HTTP_PROTOCOL_ERROR
        : error;
  }

  private static @Nullable ProxyError ofOne(Throwable failure) {
    if (failure instanceof ConnectTimeoutException
        || failure instanceof SslHandshakeTimeoutException) {
      return ProxyError.CONNECTION_TIMEOUT;
    }
    if (failure instanceof ReadTimeoutException) {
      return ProxyError.CONNECTION_READ_TIMEOUT;
    }
    if (failure instanceof WriteTimeoutException) {
      return ProxyError.CONNECTION_WRITE_TIMEOUT;
    }
    if (failure instanceof TooLongHttpHeaderException) {
      return ProxyError.HTTP_RESPONSE_HEADER_SECTION_SIZE;
    }
    if (failure instanceof PrematureChannelClosureException) {
      return ProxyError.HTTP_RESPONSE_INCOMPLETE;
    }
    // By its name, so that nobody needs that resolver.
    return failure.getClass().getName().equals(DNS_TIMEOUT)
        ? ProxyError.DNS_TIMEOUT
        : Http2.classify(failure);
  }

  private Failures() {}
}
