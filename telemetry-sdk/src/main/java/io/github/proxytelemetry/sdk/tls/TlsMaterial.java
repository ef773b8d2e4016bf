package io.github.proxytelemetry.sdk.tls;

import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;

/**
 * TLS set-up of a client.
 *
 * @param context with the client certificate, if there is one
 * @param trustManager with the trusted roots
 */
public record TlsMaterial(SSLContext context, X509TrustManager trustManager) {}
