package io.github.proxytelemetry.sdk;

import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;

/** What an exporter's builder takes in {@code setSslContext}. */
record TlsMaterial(SSLContext context, X509TrustManager trustManager) {}
