/** Certificates and keys: PEM, trust and key managers, reloading. */
@NullMarked
package io.github.proxytelemetry.sdk.tls;

import org.jspecify.annotations.NullMarked;
