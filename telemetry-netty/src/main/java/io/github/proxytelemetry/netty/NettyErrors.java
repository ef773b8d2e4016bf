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

/** Classification of Netty's exceptions. */
final class NettyErrors {
  private static final String DNS_TIMEOUT = "io.netty.resolver.dns.DnsNameResolverTimeoutException";

  static ProxyError classify(@Nullable Throwable failure) {
    ProxyError error = ProxyError.of(failure, NettyErrors::classifyOne);
    // A codec that cannot parse its input wraps the cause, if there is one.
    return error == ProxyError.PROXY_INTERNAL_ERROR && failure instanceof CodecException
        ? ProxyError.HTTP_PROTOCOL_ERROR
        : error;
  }

  /** Error of a response head that could not be parsed. */
  static ProxyError ofMalformedHead(Throwable failure) {
    ProxyError error = classify(failure);
    return error == ProxyError.PROXY_INTERNAL_ERROR ? ProxyError.HTTP_PROTOCOL_ERROR : error;
  }

  private static @Nullable ProxyError classifyOne(Throwable failure) {
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
    // Compared by name, because netty-resolver-dns is not a dependency.
    if (failure.getClass().getName().equals(DNS_TIMEOUT)) {
      return ProxyError.DNS_TIMEOUT;
    }
    return OptionalDependencies.HTTP2 ? Http2Errors.classify(failure) : null;
  }

  private NettyErrors() {}
}
