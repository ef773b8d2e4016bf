package io.github.proxytelemetry.testing;

import java.net.InetSocketAddress;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy has to know to take part in the contract. A {@code CONNECT} goes to the host that it
 * names, a request with a {@link HandlerScript} to no upstream, every other request to the origin.
 *
 * <p>What is off unless a case asks for it needs the {@link Capability} that is named with it: a
 * host that waives the capability is never asked. Only the contract makes settings; a host reads
 * them, from any thread.
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
   * The origin's host, which need not exist.
   *
   * @return a name, or an address as text
   */
  public String originHost() {
    return originHost;
  }

  /**
   * The origin's port.
   *
   * @return the port
   */
  public int originPort() {
    return originPort;
  }

  /**
   * How long an upstream may be silent, or take to accept a connection, before the proxy answers
   * 504.
   *
   * @return more than nothing
   */
  public Duration upstreamTimeout() {
    return upstreamTimeout;
  }

  /**
   * How long an upstream may take for a whole response, however busy it is ({@link
   * Capability#TOTAL_TIMEOUT}).
   *
   * @return more than nothing, or {@code null} for as long as it likes
   */
  public @Nullable Duration totalTimeout() {
    return totalTimeout;
  }

  /**
   * After what time the proxy closes a tunnel in which nothing moves ({@link
   * Capability#TUNNEL_IDLE_TIMEOUT}).
   *
   * @return more than nothing, or {@code null} for never
   */
  public @Nullable Duration tunnelIdleTimeout() {
    return tunnelIdleTimeout;
  }

  /**
   * How long a client may take for its TLS handshake ({@link Capability#TLS_HANDSHAKE_TIMEOUT}).
   *
   * @return more than nothing, or {@code null} for what the host is used to
   */
  public @Nullable Duration handshakeTimeout() {
    return handshakeTimeout;
  }

  /**
   * What the proxy listens with ({@link Capability#TLS}). Its key manager picks the certificate by
   * the name that a client sends. A host with {@link Capability#HTTP2} offers {@code h2} and {@code
   * http/1.1} by ALPN.
   *
   * @return the context, or {@code null} to listen without TLS
   */
  public @Nullable SSLContext serverTls() {
    return serverTls;
  }

  /**
   * What the proxy speaks to the origin with ({@link Capability#UPSTREAM_TLS}). Its trust manager
   * knows the origin's certificate, which is good for {@code localhost} and {@code 127.0.0.1}.
   *
   * @return the context, or {@code null} to speak without TLS
   */
  public @Nullable SSLContext upstreamTls() {
    return upstreamTls;
  }

  /**
   * The next proxy of a chain, asked with {@code CONNECT} for a tunnel to the origin ({@link
   * Capability#PROXY_CHAINING}).
   *
   * @return where it listens, or {@code null} to go to the origin directly
   */
  public @Nullable InetSocketAddress nextProxy() {
    return nextProxy;
  }

  /**
   * Whether a connection to the origin is kept for the next request ({@link
   * Capability#UPSTREAM_POOL}). Where this is {@code false}, a host may do as it likes.
   *
   * @return whether it has to be
   */
  public boolean pooled() {
    return pooled;
  }

  /**
   * How many further attempts the proxy makes for a {@code GET} when an attempt ends without a
   * response ({@link Capability#RETRIES}).
   *
   * @return 0 for none
   */
  public int retries() {
    return retries;
  }

  /**
   * Whether the proxy makes two attempts at once for a {@code GET}, on two connections, answers
   * with the first response whose head arrives, and gives up the other ({@link
   * Capability#HEDGING}).
   *
   * @return whether it has to
   */
  public boolean hedged() {
    return hedged;
  }

  /**
   * Whether the proxy speaks HTTP/2 to the origin, all requests on one connection ({@link
   * Capability#UPSTREAM_HTTP2}): with prior knowledge, or by ALPN where there is {@link
   * #upstreamTls()}.
   *
   * @return {@code false} for HTTP/1.1
   */
  public boolean upstreamHttp2() {
    return upstreamHttp2;
  }

  /**
   * What the scripts {@link HandlerScript#ANSWER_FROM_THREAD} and {@link HandlerScript#WORK_ON}
   * run. It may block until the case goes on.
   *
   * @return the work
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
