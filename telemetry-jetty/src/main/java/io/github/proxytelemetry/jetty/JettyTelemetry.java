package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Upstream;
import java.net.URI;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * Telemetry of proxies built on Jetty, over HTTP/1.1 and HTTP/2.
 *
 * <p>{@code install} changes the server, connector or client that it is given, {@code wrap} returns
 * another handler, and {@code bind} assigns an upstream request to the exchange of a client's
 * request. If telemetry is {@linkplain ProxyTelemetry#isEnabled() off}, {@code install} changes
 * nothing and {@code wrap} returns its argument.
 *
 * <p>Call the instance methods from one thread, before the server and the client start. {@link
 * #exchange}, {@link #bind} and {@link #classify} are for request handling and may be called at any
 * time, from any thread.
 */
public final class JettyTelemetry {
  private static final ExchangeObservation NONE = new ExchangeObservation() {};

  private final ProxyTelemetry telemetry;
  private final UpstreamTelemetry upstreams;
  private final boolean enabled;
  private volatile boolean hasQueue;

  private JettyTelemetry(ProxyTelemetry telemetry, @Nullable Function<URI, Upstream> upstreams) {
    this.telemetry = telemetry;
    this.upstreams = new UpstreamTelemetry(telemetry, upstreams);
    this.enabled = telemetry.isEnabled();
  }

  /**
   * Creates the adapter. One per process is enough.
   *
   * @param telemetry the back end, {@linkplain ProxyTelemetry#guarded guarded} by this method
   * @return the adapter
   */
  public static JettyTelemetry create(ProxyTelemetry telemetry) {
    return new JettyTelemetry(ProxyTelemetry.guarded(telemetry), null);
  }

  /**
   * Creates the adapter of a proxy that names its upstreams, such as a reverse proxy.
   *
   * @param telemetry the back end, {@linkplain ProxyTelemetry#guarded guarded} by this method
   * @param upstreams returns the upstream of a request's URI, or {@code null} for an unnamed one;
   *     called on any thread; if it throws, the upstream is unnamed
   * @return the adapter
   */
  public static JettyTelemetry create(ProxyTelemetry telemetry, Function<URI, Upstream> upstreams) {
    return new JettyTelemetry(
        ProxyTelemetry.guarded(telemetry), Objects.requireNonNull(upstreams, "upstreams"));
  }

  /**
   * Returns the exchange of a client's request, while the request is being handled.
   *
   * @param request the request, as any handler receives it
   * @return the exchange; one that ignores every call if the request is not observed
   */
  public static ExchangeObservation exchange(Request request) {
    // Null at run time is ignored: it must not fail the host's request.
    ServerExchange exchange = request == null ? null : ExchangeLookup.exchangeOf(request);
    return exchange == null ? NONE : exchange.exchange();
  }

  /**
   * Classifies an exception of an upstream request: Jetty's own exceptions first, then {@linkplain
   * ProxyError#of those of the JDK}.
   *
   * @param failure the exception, or {@code null}
   * @return the error; {@link ProxyError#PROXY_INTERNAL_ERROR} for an unknown exception
   */
  public static ProxyError classify(@Nullable Throwable failure) {
    return ErrorClassifier.classify(failure);
  }

  /**
   * Assigns an upstream request to the exchange of a client's request. {@code ProxyHandler} does
   * this itself; call it where a handler uses an {@link HttpClient} directly.
   *
   * @param upstream the upstream request, before it is sent
   * @param downstream the client's request
   */
  public static void bind(org.eclipse.jetty.client.Request upstream, Request downstream) {
    if (upstream != null && downstream != null) {
      upstream.attribute(ClientAttempt.DOWNSTREAM, downstream);
    }
  }

  /**
   * Observes a server: its connections, requests, error pages, and the requests that appear only in
   * its request log. Call it after connectors, handlers and request log are set, and before the
   * server starts.
   *
   * @param server the server
   * @return the same server
   * @throws IllegalStateException if the server has been started
   */
  public Server install(Server server) {
    Objects.requireNonNull(server, "server");
    if (enabled) {
      for (Connector connector : server.getConnectors()) {
        if (connector instanceof AbstractConnector observable) {
          install(observable);
        }
      }
      server.setHandler(wrap(server.getHandler()));
      Request.Handler pages = server.getErrorHandler();
      server.setErrorHandler(new ObservedErrorHandler(pages == null ? new ErrorHandler() : pages));
      server.setRequestLog(new UnhandledRequestLog(telemetry, server.getRequestLog()));
      server.addEventListener(new WiringCheck(server));
    }
    return server;
  }

  /**
   * Observes the connections of one connector. {@link #install(Server)} includes the server's.
   *
   * @param connector the connector, not started
   * @param <C> its class
   * @return the same connector
   * @throws IllegalStateException if the connector has been started
   */
  public <C extends AbstractConnector> C install(C connector) {
    Objects.requireNonNull(connector, "connector");
    if (enabled && connector.getConnectionFactory(ObservedConnectionFactory.class) == null) {
      connector.addFirstConnectionFactory(
          new ObservedConnectionFactory(telemetry, connector.getDefaultProtocol()));
    }
    return connector;
  }

  /**
   * Observes the requests and the connections of a client. Configure, start and use it like any
   * other client, also with {@code ProxyHandler.setHttpClient} and {@code newHttpClient}.
   *
   * @param client the client, not started
   * @param <C> its class
   * @return the same client
   * @throws IllegalStateException if the client has been started
   */
  public <C extends TelemetryHttpClient> C install(C client) {
    Objects.requireNonNull(client, "client");
    if (enabled) {
      client.observe(upstreams);
    }
    return client;
  }

  /**
   * Observes the requests that reach a handler, which has to be the outermost. {@link
   * #install(Server)} includes the server's.
   *
   * @param handler the handler, or {@code null} for a server without one
   * @return the handler to use in its place; {@code handler} itself if telemetry is off
   */
  public @Nullable Handler wrap(@Nullable Handler handler) {
    return !enabled || handler instanceof ServerHandler
        ? handler
        : new ServerHandler(this, telemetry, handler);
  }

  /**
   * Ends the queue phase of a request when it reaches a handler: wrap the handler directly behind
   * one that queues requests, such as {@code QoSHandler}. Without it, the queue phase of an HTTP/2
   * request is the time it waits for a thread; an HTTP/1 request has none, because the thread that
   * parses it handles it.
   *
   * @param handler the handler behind the queue
   * @return the handler to use in its place; {@code handler} itself if telemetry is off
   */
  public Handler wrapQueued(Handler handler) {
    Objects.requireNonNull(handler, "handler");
    if (!enabled) {
      return handler;
    }
    hasQueue = true;
    return new QueuedHandler(handler);
  }

  /**
   * Registers gauges of a server's pools: {@code jetty_threads}, {@code jetty_idle_threads} and,
   * for a {@link QueuedThreadPool}, {@code jetty_queued_jobs}; for an {@link ArrayByteBufferPool}
   * the pooled memory, {@code jetty_direct_buffer_bytes} and {@code jetty_heap_buffer_bytes}. If
   * telemetry is off, none is registered.
   *
   * @param server the server
   * @param registry the method of the back end that registers a gauge, such as {@code
   *     telemetry::gauge}
   */
  public void poolGauges(Server server, GaugeRegistry registry) {
    Objects.requireNonNull(server, "server");
    Objects.requireNonNull(registry, "registry");
    if (!enabled) {
      return;
    }
    ThreadPool threads = server.getThreadPool();
    registry.gauge("jetty_threads", "{thread}", threads::getThreads);
    registry.gauge("jetty_idle_threads", "{thread}", threads::getIdleThreads);
    if (threads instanceof QueuedThreadPool queued) {
      registry.gauge("jetty_queued_jobs", "{job}", queued::getQueueSize);
    }
    ByteBufferPool buffers = server.getByteBufferPool();
    if (buffers instanceof ArrayByteBufferPool pooled) {
      registry.gauge("jetty_direct_buffer_bytes", "By", pooled::getDirectMemory);
      registry.gauge("jetty_heap_buffer_bytes", "By", pooled::getHeapMemory);
    }
  }

  boolean hasQueue() {
    return hasQueue;
  }

  /** Registration of gauges with a back end. */
  @FunctionalInterface
  public interface GaugeRegistry {
    /**
     * Registers a gauge.
     *
     * @param name the gauge's name
     * @param unit its unit as a UCUM code
     * @param value supplies the current value, at any time, on any thread
     */
    void gauge(String name, String unit, LongSupplier value);
  }
}
