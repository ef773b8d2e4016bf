package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import java.util.Objects;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.jspecify.annotations.Nullable;

/**
 * Tells a {@link ProxyTelemetry} what a Jetty proxy does, over HTTP/1.1 and HTTP/2.
 *
 * <p>On the server's side it puts an endpoint of its own below each connection, a handler around
 * all others, and itself into the request log. On the client's side it observes a {@link
 * TelemetryHttpClient}. Telemetry that is {@linkplain ProxyTelemetry#isEnabled() off} changes
 * nothing: what is given comes back.
 *
 * <p>All of it is for wiring: called before the server and the client start, from one thread.
 * {@link #exchange} and {@link #classify} may be called at any time, from any thread.
 */
public final class JettyTelemetry {
  private static final ExchangeObservation NONE = new ExchangeObservation() {};

  private final ProxyTelemetry telemetry;
  private final boolean enabled;
  private volatile boolean hasQueue;

  private JettyTelemetry(ProxyTelemetry telemetry) {
    this.telemetry = telemetry;
    this.enabled = telemetry.isEnabled();
  }

  /**
   * Connects a back end to Jetty. One serves a whole process.
   *
   * @param telemetry the back end, which is {@linkplain ProxyTelemetry#guarded guarded} here
   * @return what instruments servers and clients
   */
  public static JettyTelemetry create(ProxyTelemetry telemetry) {
    return new JettyTelemetry(ProxyTelemetry.guarded(telemetry));
  }

  /**
   * The exchange of a client's request, while it is being handled.
   *
   * @param request the request, as it came to any handler
   * @return the exchange, or one that does nothing where there is none
   */
  public static ExchangeObservation exchange(Request request) {
    ServerExchange exchange = ExchangeSearch.exchangeOf(request);
    return exchange == null ? NONE : exchange.exchange();
  }

  /**
   * Tells what an exception means that was met while talking to an upstream: Jetty's own first,
   * then {@linkplain ProxyError#of the JDK's}.
   *
   * @param failure what was thrown, or {@code null}
   * @return the error; {@link ProxyError#PROXY_INTERNAL_ERROR} for what is not known
   */
  public static ProxyError classify(@Nullable Throwable failure) {
    return Failures.classify(failure);
  }

  /**
   * Says for which client's request an upstream is asked. {@code ProxyHandler} says so itself; it
   * is for hosts that use an {@link HttpClient} on their own.
   *
   * @param upstream the request to the upstream, before it is sent
   * @param downstream the client's request
   */
  public static void attach(org.eclipse.jetty.client.Request upstream, Request downstream) {
    upstream.attribute(ClientAttempt.DOWNSTREAM, downstream);
  }

  /**
   * Observes a server: its connections, its requests and what is in its request log. Call it when
   * connectors, handlers and request log are set, and before the server starts.
   *
   * @param server the server
   * @return the same server
   * @throws IllegalStateException if the server has been started
   */
  public Server instrument(Server server) {
    Objects.requireNonNull(server, "server");
    if (enabled) {
      for (Connector connector : server.getConnectors()) {
        if (connector instanceof AbstractConnector observable) {
          instrument(observable);
        }
      }
      server.setHandler(instrument(server.getHandler()));
      Request.Handler pages = server.getErrorHandler();
      server.setErrorHandler(new ObservedErrors(pages == null ? new ErrorHandler() : pages));
      server.setRequestLog(new UnhandledRequests(telemetry, server.getRequestLog()));
    }
    return server;
  }

  /**
   * Observes the connections of one connector. A server's are observed by {@link
   * #instrument(Server)} already.
   *
   * @param connector the connector, which is not started
   * @param <C> its class
   * @return the same connector
   * @throws IllegalStateException if the connector has been started
   */
  public <C extends AbstractConnector> C instrument(C connector) {
    if (enabled && connector.getConnectionFactory(ObservedConnectionFactory.class) == null) {
      connector.addFirstConnectionFactory(
          new ObservedConnectionFactory(telemetry, connector.getDefaultProtocol()));
    }
    return connector;
  }

  /**
   * Observes the requests that come to a handler, which has to be the outermost. A server's is
   * observed by {@link #instrument(Server)} already.
   *
   * @param handler the handler, or {@code null} where there is none
   * @return what stands in its place; {@code handler} itself where telemetry is off
   */
  public @Nullable Handler instrument(@Nullable Handler handler) {
    return !enabled || handler instanceof ServerHandler
        ? handler
        : new ServerHandler(this, telemetry, handler);
  }

  /**
   * Marks the end of a queue: a request has waited until it gets here. It is for the handler
   * directly behind one that makes requests wait, such as {@code QoSHandler}. Without such a mark a
   * request of HTTP/2 has waited until a thread had time for it, and one of HTTP/1 has not waited
   * at all: the thread that has read it handles it.
   *
   * @param handler the handler that works on the requests
   * @return what stands in its place; {@code handler} itself where telemetry is off
   */
  public Handler afterQueue(Handler handler) {
    Objects.requireNonNull(handler, "handler");
    if (!enabled) {
      return handler;
    }
    hasQueue = true;
    return new QueueEnd(handler);
  }

  /**
   * Observes a client: its requests and its connections. It is configured, started and used like
   * any other, and is what {@code ProxyHandler.setHttpClient} or {@code newHttpClient} is for.
   *
   * @param client the client, which is not started
   * @param <C> its class
   * @return the same client
   * @throws IllegalStateException if the client has been started
   */
  public <C extends TelemetryHttpClient> C instrument(C client) {
    Objects.requireNonNull(client, "client");
    if (enabled) {
      client.observe(telemetry);
    }
    return client;
  }

  boolean hasQueue() {
    return hasQueue;
  }
}
