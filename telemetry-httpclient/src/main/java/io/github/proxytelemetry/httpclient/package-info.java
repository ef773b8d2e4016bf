/** Tells what a proxy made of the HTTP client and server of the JDK does. */
@NullMarked
package io.github.proxytelemetry.httpclient;

import org.jspecify.annotations.NullMarked;
