package io.github.proxytelemetry.testing;

import java.net.InetSocketAddress;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of the proxy for one case of the contract. A {@code CONNECT} goes to the authority
 * that it names, a request with a {@link HandlerScript} is answered by the proxy, and any other
 * request goes to the origin.
 *
 * <p>An option that is off by default needs the {@link Capability} named with it: it is never set
 * for a proxy that waives the capability. Created by the contract only; may be read from any
 * thread.
 */
public final class ProxySettings {
  private final String originHost;
  private final int originPort;
  private Duration upstreamTimeout;
  private @Nullable Duration totalTimeout;
  private @Nullable Duration tunnelIdleTimeout;
  private @Nullable Duration handshakeTimeout;
  private @Nullable SSLContext serverTls;
  private @Nullable SSLContext upstreamTls;
  private @Nullable InetSocketAddress nextProxy;
  private boolean pooled;
  private boolean hedged;
  private boolean upstreamHttp2;
  private int retries;
  private Runnable handlerWork = () -> {};

  ProxySettings(String originHost, int originPort, Duration upstreamTimeout) {
    this.originHost = originHost;
    this.originPort = originPort;
    this.upstreamTimeout = upstreamTimeout;
  }

  /**
   * Returns the origin's host, which may not exist.
   *
   * @return a host name or an IP address
   */
  public String originHost() {
    return originHost;
  }

  /**
   * Returns the origin's port.
   *
   * @return the port
   */
  public int originPort() {
    return originPort;
  }

  /**
   * Returns the connect time-out and the read time-out of the upstream, after which the proxy
   * responds with 504.
   *
   * @return a positive duration
   */
  public Duration upstreamTimeout() {
    return upstreamTimeout;
  }

  /**
   * Returns the time-out for a complete upstream response, even if data keeps arriving ({@link
   * Capability#TOTAL_TIMEOUT}).
   *
   * @return a positive duration, or {@code null} for none
   */
  public @Nullable Duration totalTimeout() {
    return totalTimeout;
  }

  /**
   * Returns the idle time-out of tunnels ({@link Capability#TUNNEL_IDLE_TIMEOUT}).
   *
   * @return a positive duration, or {@code null} for none
   */
  public @Nullable Duration tunnelIdleTimeout() {
    return tunnelIdleTimeout;
  }

  /**
   * Returns the time-out of a client's TLS handshake ({@link Capability#TLS_HANDSHAKE_TIMEOUT}).
   *
   * @return a positive duration, or {@code null} for the host's default
   */
  public @Nullable Duration handshakeTimeout() {
    return handshakeTimeout;
  }

  /**
   * Returns the TLS context of the listener ({@link Capability#TLS}). Its key manager selects the
   * certificate by SNI. A host with {@link Capability#HTTP2} offers {@code h2} and {@code http/1.1}
   * by ALPN.
   *
   * @return the context, or {@code null} to listen without TLS
   */
  public @Nullable SSLContext serverTls() {
    return serverTls;
  }

  /**
   * Returns the TLS context for connections to the origin ({@link Capability#UPSTREAM_TLS}). Its
   * trust manager accepts the origin's certificate, which is valid for {@code localhost} and {@code
   * 127.0.0.1}.
   *
   * @return the context, or {@code null} to connect without TLS
   */
  public @Nullable SSLContext upstreamTls() {
    return upstreamTls;
  }

  /**
   * Returns the next proxy of a chain, which opens a tunnel to the origin on {@code CONNECT}
   * ({@link Capability#PROXY_CHAINING}).
   *
   * @return its address, or {@code null} to connect to the origin directly
   */
  public @Nullable InetSocketAddress nextProxy() {
    return nextProxy;
  }

  /**
   * Whether the proxy must keep a connection to the origin for the next request ({@link
   * Capability#UPSTREAM_POOL}).
   *
   * @return {@code false} if it may, but need not
   */
  public boolean pooled() {
    return pooled;
  }

  /**
   * Returns the number of retries of a {@code GET} whose attempt ends without a response ({@link
   * Capability#RETRIES}).
   *
   * @return 0 for none
   */
  public int retries() {
    return retries;
  }

  /**
   * Whether the proxy hedges a {@code GET}: it makes two concurrent attempts on two connections,
   * forwards the response whose head arrives first, and cancels the other attempt ({@link
   * Capability#HEDGING}).
   *
   * @return whether it must
   */
  public boolean hedged() {
    return hedged;
  }

  /**
   * Whether the proxy uses HTTP/2 to the origin, with all requests on one connection ({@link
   * Capability#UPSTREAM_HTTP2}): with prior knowledge, or by ALPN if {@link #upstreamTls()} is set.
   *
   * @return {@code false} for HTTP/1.1
   */
  public boolean upstreamHttp2() {
    return upstreamHttp2;
  }

  /**
   * Returns the task that {@link HandlerScript#ANSWER_FROM_THREAD} and {@link
   * HandlerScript#WORK_ON} run. It may block until the case releases it.
   *
   * @return the task
   */
  public Runnable handlerWork() {
    return handlerWork;
  }

  ProxySettings upstreamTimeout(Duration timeout) {
    upstreamTimeout = timeout;
    return this;
  }

  ProxySettings totalTimeout(Duration timeout) {
    totalTimeout = timeout;
    return this;
  }

  ProxySettings tunnelIdleTimeout(Duration timeout) {
    tunnelIdleTimeout = timeout;
    return this;
  }

  ProxySettings handshakeTimeout(Duration timeout) {
    handshakeTimeout = timeout;
    return this;
  }

  ProxySettings serverTls(SSLContext context) {
    serverTls = context;
    return this;
  }

  ProxySettings upstreamTls(SSLContext context) {
    upstreamTls = context;
    return this;
  }

  ProxySettings nextProxy(InetSocketAddress proxy) {
    nextProxy = proxy;
    return this;
  }

  ProxySettings withPool() {
    pooled = true;
    return this;
  }

  ProxySettings withHedges() {
    hedged = true;
    return this;
  }

  ProxySettings withUpstreamHttp2() {
    upstreamHttp2 = true;
    return this;
  }

  ProxySettings retries(int count) {
    retries = count;
    return this;
  }

  ProxySettings handlerWork(Runnable work) {
    handlerWork = work;
    return this;
  }
}
