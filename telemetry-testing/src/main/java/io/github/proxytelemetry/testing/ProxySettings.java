package io.github.proxytelemetry.testing;

import java.time.Duration;

/**
 * What a proxy has to know to take part in the contract. A {@code CONNECT} goes to the host that it
 * names, every other request to the origin.
 *
 * @param originHost the origin's host, which need not exist
 * @param originPort the origin's port
 * @param upstreamTimeout how long the origin may be silent before the proxy answers 504
 */
public record ProxySettings(String originHost, int originPort, Duration upstreamTimeout) {}
