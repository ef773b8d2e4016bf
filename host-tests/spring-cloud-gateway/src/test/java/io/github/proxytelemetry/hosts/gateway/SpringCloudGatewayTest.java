package io.github.proxytelemetry.hosts.gateway;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.hosts.Host;
import io.github.proxytelemetry.hosts.HostContract;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

class SpringCloudGatewayTest extends HostContract {
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import(GatewayTelemetryConfiguration.class)
  static class Application {}

  @Override
  protected Host host() {
    return SpringCloudGatewayTest::start;
  }

  private static Host.Running start(ProxyTelemetry telemetry, InetSocketAddress origin) {
    SpringApplication application = new SpringApplication(Application.class);
    application.addInitializers(
        context -> context.getBeanFactory().registerSingleton("telemetry", telemetry));
    String gateway = "--spring.cloud.gateway.server.webflux.";
    ConfigurableApplicationContext context =
        application.run(
            "--server.port=0",
            "--server.address=127.0.0.1",
            "--spring.main.banner-mode=off",
            "--logging.level.root=WARN",
            gateway + "routes[0].id=origin",
            gateway + "routes[0].uri=http://127.0.0.1:" + origin.getPort(),
            gateway + "routes[0].predicates[0]=Path=/**");
    int port = ((ReactiveWebServerApplicationContext) context).getWebServer().getPort();
    return new Host.Running() {
      @Override
      public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      }

      @Override
      public void close() {
        context.close();
      }
    };
  }
}
