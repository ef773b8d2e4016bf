package io.github.proxytelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateExpiredException;
import java.util.Arrays;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProxyErrorTest {
  @Test
  void tokensAreThoseOfRfc9209AndTwoOfOurs() {
    assertThat(Arrays.stream(ProxyError.values()).map(ProxyError::token))
        .containsExactly(
            "dns_timeout",
            "dns_error",
            "destination_not_found",
            "destination_unavailable",
            "destination_ip_prohibited",
            "destination_ip_unroutable",
            "connection_refused",
            "connection_terminated",
            "connection_timeout",
            "connection_read_timeout",
            "connection_write_timeout",
            "connection_limit_reached",
            "tls_protocol_error",
            "tls_certificate_error",
            "tls_alert_received",
            "http_request_error",
            "http_request_denied",
            "http_response_incomplete",
            "http_response_header_section_size",
            "http_response_header_size",
            "http_response_body_size",
            "http_response_trailer_section_size",
            "http_response_trailer_size",
            "http_response_transfer_coding",
            "http_response_content_coding",
            "http_response_timeout",
            "http_upgrade_failed",
            "http_protocol_error",
            "proxy_internal_response",
            "proxy_internal_error",
            "proxy_configuration_error",
            "proxy_loop_detected",
            "source_addr_in_use",
            "source_addr_not_available",
            "rate_limited",
            "client_abort",
            "grpc_error");
  }

  @ParameterizedTest
  @MethodSource
  void classifiesExceptions(Throwable failure, ProxyError expected) {
    assertThat(ProxyError.of(failure)).isEqualTo(expected);
  }

  static Stream<Arguments> classifiesExceptions() {
    return Stream.of(
        arguments(new UnknownHostException("h"), ProxyError.DNS_ERROR),
        arguments(new ConnectException(), ProxyError.CONNECTION_REFUSED),
        // How java.net.http reports a name that does not resolve.
        arguments(
            new ConnectException().initCause(new UnresolvedAddressException()),
            ProxyError.DNS_ERROR),
        // ... and a port without a listener.
        arguments(
            new ConnectException().initCause(new ClosedChannelException()),
            ProxyError.CONNECTION_REFUSED),
        arguments(new NoRouteToHostException(), ProxyError.DESTINATION_IP_UNROUTABLE),
        arguments(new SocketTimeoutException(), ProxyError.CONNECTION_READ_TIMEOUT),
        arguments(
            new SSLHandshakeException("x").initCause(new CertificateExpiredException()),
            ProxyError.TLS_CERTIFICATE_ERROR),
        arguments(new SSLHandshakeException("x"), ProxyError.TLS_PROTOCOL_ERROR),
        arguments(new EOFException(), ProxyError.HTTP_RESPONSE_INCOMPLETE),
        arguments(new IOException("Connection reset"), ProxyError.CONNECTION_TERMINATED),
        arguments(
            new CompletionException(new IOException(new UnknownHostException())),
            ProxyError.DNS_ERROR),
        arguments(new IllegalStateException(), ProxyError.PROXY_INTERNAL_ERROR),
        arguments(null, ProxyError.PROXY_INTERNAL_ERROR));
  }

  @Test
  void survivesARingOfCauses() {
    Exception first = new Exception();
    Exception second = new Exception(first);
    first.initCause(second);
    assertThat(ProxyError.of(first)).isEqualTo(ProxyError.PROXY_INTERNAL_ERROR);
    assertThat(ProxyError.of(first, cause -> null)).isEqualTo(ProxyError.PROXY_INTERNAL_ERROR);
  }

  @Test
  void asksTheFrameworkFirst_forEveryCause() {
    Exception failure = new IOException(new IllegalStateException(new UnknownHostException()));

    assertThat(
            ProxyError.of(
                failure,
                cause ->
                    cause instanceof IllegalStateException
                        ? ProxyError.CONNECTION_LIMIT_REACHED
                        : null))
        .isEqualTo(ProxyError.CONNECTION_LIMIT_REACHED);
    assertThat(ProxyError.of(failure, cause -> null)).isEqualTo(ProxyError.DNS_ERROR);
    assertThat(ProxyError.of(null, cause -> ProxyError.CLIENT_ABORT))
        .isEqualTo(ProxyError.PROXY_INTERNAL_ERROR);
  }
}
