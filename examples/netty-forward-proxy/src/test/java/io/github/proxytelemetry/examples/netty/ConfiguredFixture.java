package io.github.proxytelemetry.examples.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testbed.RawClient;
import io.github.proxytelemetry.testbed.RunningProgram;
import io.github.proxytelemetry.testbed.TestOrigin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/** A {@link ConfiguredProxy} in a process of its own, and an origin. */
final class ConfiguredFixture implements AutoCloseable {
  static final String SAMPLED =
      "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  static final String NOT_SAMPLED =
      "traceparent: 00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

  final TestOrigin origin;
  final RunningProgram program;
  private final InetSocketAddress address;
  private int flushes;

  private ConfiguredFixture(TestOrigin origin, RunningProgram program, InetSocketAddress address) {
    this.origin = origin;
    this.program = program;
    this.address = address;
  }

  static ConfiguredFixture start(
      TestOrigin origin, List<String> command, Map<String, String> environment) throws Exception {
    RunningProgram program = RunningProgram.start(command, environment);
    try {
      int port = Integer.parseInt(program.awaitLine(ConfiguredProxy.STARTED));
      return new ConfiguredFixture(
          origin, program, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      program.close();
      throw e;
    }
  }

  RawClient client() throws IOException {
    return new RawClient(address);
  }

  /** Does one GET over a connection of its own. */
  RawClient.Response get(String target, String... headers) throws IOException {
    try (RawClient client = client()) {
      return client.get(target, headers);
    }
  }

  /** The same, through the proxy to the origin. */
  int getFromOrigin(String path, String... headers) throws IOException {
    return get("http://" + origin.authority() + path, headers).status();
  }

  /** Does one GET through a tunnel. */
  void tunnel(String path, String... headers) throws IOException {
    try (RawClient client = client()) {
      assertThat(client.connect(origin.authority(), headers).status()).isEqualTo(200);
      assertThat(client.get(path).status()).isEqualTo(200);
    }
  }

  /** Exports what there is now. */
  void flush() throws Exception {
    String turn = Integer.toString(++flushes);
    program.type(turn);
    assertThat(program.awaitLine(ConfiguredProxy.FLUSHED + turn)).isEqualTo(" DELIVERED");
  }

  /** Stops the proxy, which exports what is left. */
  void stop() throws Exception {
    program.endInput();
    assertThat(program.awaitLine(ConfiguredProxy.STOPPED)).isEqualTo("DELIVERED");
  }

  @Override
  public void close() throws IOException {
    program.close();
  }
}
