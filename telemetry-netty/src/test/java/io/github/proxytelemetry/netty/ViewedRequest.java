package io.github.proxytelemetry.netty;

import io.netty.handler.codec.http.HttpRequest;

/** View of a request that no handler has. */
record ViewedRequest(HttpRequest request, boolean isSecure) implements RequestView {}
