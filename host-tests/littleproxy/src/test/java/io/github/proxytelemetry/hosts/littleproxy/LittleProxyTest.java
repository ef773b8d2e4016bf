package io.github.proxytelemetry.hosts.littleproxy;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.hosts.Host;
import io.github.proxytelemetry.hosts.HostContract;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.github.proxytelemetry.testing.RawClient;
import io.github.proxytelemetry.testing.RawMessage;
import io.github.proxytelemetry.testing.RecordedExchange;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.littleshoot.proxy.HttpProxyServer;
import org.littleshoot.proxy.impl.DefaultHttpProxyServer;

class LittleProxyTest extends HostContract {
  @Override
  protected Host host() {
    return (telemetry, origin) -> start(telemetry);
  }

  @Override
  protected boolean isForwardProxy() {
    return true;
  }

  @Override
  protected boolean closesWhenAsked() {
    return false;
  }

  @Override
  protected int exchangesWithAttempts(List<RecordedExchange> exchanges) {
    return (int) exchanges.stream().filter(each -> !"CONNECT".equals(each.method())).count();
  }

  @Test
  void connectTunnels() throws Exception {
    compare(
        script -> {
          for (int i = 0; i < 3; i++) {
            try (RawClient client = script.connect()) {
              client.send(
                  "CONNECT "
                      + script.authority()
                      + " HTTP/1.1\r\nHost: "
                      + script.authority()
                      + "\r\n\r\n");
              RawMessage established = client.readHead();
              script.count(established.status());
              script.record(established.startLine());
              for (String path : new String[] {"/", "/large"}) {
                client.send("GET " + path + " HTTP/1.1\r\nHost: origin\r\n\r\n");
                RawMessage response = client.readResponse();
                script.record(response.startLine() + " " + response.body().hashCode());
              }
            }
          }
        });
  }

  private static Host.Running start(ProxyTelemetry telemetry) {
    // Until the next call, if there is one: another proxy of this process was observed before.
    NettyTelemetry.create(telemetry).observeServers(client -> false);
    HttpProxyServer proxy =
        ObservedLittleProxy.observe(
                DefaultHttpProxyServer.bootstrap().withPort(0).withName("test"), telemetry)
            .start();
    return new Host.Running() {
      @Override
      public InetSocketAddress address() {
        return proxy.getListenAddress();
      }

      @Override
      public void close() {
        proxy.abort();
      }
    };
  }
}
