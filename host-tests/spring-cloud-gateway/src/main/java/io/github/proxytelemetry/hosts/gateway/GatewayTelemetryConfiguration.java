package io.github.proxytelemetry.hosts.gateway;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.netty.NettyTelemetry;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.util.context.Context;

/** The beans of {@code docs/hosts/spring-cloud-gateway.md}. */
@Configuration(proxyBeanMethods = false)
public class GatewayTelemetryConfiguration {
  /** Creates the adapter from the application's back end. */
  @Bean
  NettyTelemetry netty(ProxyTelemetry telemetry) {
    return NettyTelemetry.create(telemetry);
  }

  @Bean
  WebServerFactoryCustomizer<NettyReactiveWebServerFactory> observedServer(NettyTelemetry netty) {
    return factory ->
        factory.addServerCustomizers(
            server ->
                server.doOnChannelInit(
                    (observer, channel, remote) -> netty.installServer(channel.pipeline())));
  }

  @Bean
  HttpClientCustomizer observedClient(NettyTelemetry netty) {
    return client ->
        client
            .doOnChannelInit(
                (observer, channel, remote) ->
                    netty.installUpstream(channel.pipeline(), upstream(remote)))
            .doOnRequest(
                (request, connection) ->
                    request
                        .currentContextView()
                        .<Attempts>getOrEmpty(Attempts.class)
                        .ifPresent(attempts -> netty.bind(connection.channel(), attempts.next())));
  }

  @Bean
  GlobalFilter observedAttempts() {
    return new AttemptsFilter();
  }

  /** Runs right before the filters that send the request. */
  private static final class AttemptsFilter implements GlobalFilter, Ordered {
    @Override
    public int getOrder() {
      return Ordered.LOWEST_PRECEDENCE - 2;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange web, GatewayFilterChain chain) {
      URI uri = web.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR);
      Attempts attempts =
          new Attempts(exchange(web.getRequest()), Upstream.of(uri.getHost(), uri.getPort()));
      return chain
          .filter(web)
          .doOnError(attempts::fail)
          .doOnCancel(attempts::cancel)
          .contextWrite(Context.of(Attempts.class, attempts));
    }
  }

  private static ExchangeObservation exchange(ServerHttpRequest request) {
    HttpServerRequest server = ServerHttpRequestDecorator.getNativeRequest(request);
    AtomicReference<ExchangeObservation> exchange = new AtomicReference<>();
    server.withConnection(
        connection -> exchange.set(NettyTelemetry.exchangeToAnswer(connection.channel())));
    return Objects.requireNonNull(exchange.get());
  }

  private static Upstream upstream(@Nullable SocketAddress remote) {
    InetSocketAddress address = (InetSocketAddress) Objects.requireNonNull(remote);
    return Upstream.of(address.getHostString(), address.getPort());
  }
}
