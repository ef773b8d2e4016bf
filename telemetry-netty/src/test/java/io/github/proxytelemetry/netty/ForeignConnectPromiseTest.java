package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.testing.Terminal;
import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioSocketChannel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A {@code connect} whose promise belongs to the host's framework and accepts no listener. */
@SuppressWarnings("FutureReturnValueIgnored") // The promise is asserted on.
class ForeignConnectPromiseTest extends SocketFixture {
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void connect(boolean unvoidable) {
    Channel server = listen(accepted -> accepted.config().setAutoRead(true));
    NioSocketChannel dialled = new NioSocketChannel();
    netty.installUpstream(dialled.pipeline(), recorder.startAttempt(Upstream.of("127.0.0.1", 1)));
    loops.register(dialled).syncUninterruptibly();
    ForeignPromise promise = new ForeignPromise(dialled, unvoidable);
    dialled.connect(server.localAddress(), promise);
    recorder.awaitUntil("it is connected", () -> promise.isDone(), TIMEOUT);
    assertThat(promise.isSuccess()).isTrue();
    assertThat(recorder.attempts().get(0).terminal()).isEqualTo(Terminal.ENDED);
    dialled.close().syncUninterruptibly();
    server.close().syncUninterruptibly();
  }
}
