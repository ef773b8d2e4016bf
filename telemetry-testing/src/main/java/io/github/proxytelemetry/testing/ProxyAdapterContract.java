package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.ProxyTelemetry;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Nested;

/**
 * Contract of adapters: a proxy that is instrumented with {@link ProxyTelemetry} reports the events
 * that happened. Each case starts a proxy, acts as its client and its origin over real sockets, and
 * compares the recorded events with the bytes on the wire.
 *
 * <p>Extend it, start your proxy in {@link #startProxy}, and run it as a JUnit class.
 */
public abstract class ProxyAdapterContract {
  final AdapterUnderTest adapter =
      new AdapterUnderTest() {
        @Override
        public ProxyUnderTest startProxy(ProxyTelemetry telemetry, ProxySettings settings)
            throws Exception {
          return ProxyAdapterContract.this.startProxy(telemetry, settings);
        }

        @Override
        public Map<Capability, String> waived() {
          return ProxyAdapterContract.this.waived();
        }

        @Override
        public Duration patience() {
          return ProxyAdapterContract.this.patience();
        }
      };

  /** For subclasses. */
  protected ProxyAdapterContract() {}

  /**
   * Starts a proxy on a free port of 127.0.0.1.
   *
   * @param telemetry the back end to report to; {@link ProxyTelemetry#noop()} in some cases
   * @param settings the configuration of the proxy
   * @return the proxy, already listening
   * @throws Exception if it cannot be started
   */
  protected abstract ProxyUnderTest startProxy(ProxyTelemetry telemetry, ProxySettings settings)
      throws Exception;

  /**
   * Returns the capabilities that the host lacks.
   *
   * @return a reason for each, shown in the report of the skipped cases
   */
  protected Map<Capability, String> waived() {
    return Map.of();
  }

  /** How long a case waits for an expected event; shorter in tests of cases that fail. */
  Duration patience() {
    return AdapterCases.TIMEOUT;
  }

  @Nested
  class Messages extends MessageCases {
    Messages() {
      super(adapter);
    }
  }

  @Nested
  class EarlyAndInterim extends InterimCases {
    EarlyAndInterim() {
      super(adapter);
    }
  }

  @Nested
  class Clients extends ClientFailureCases {
    Clients() {
      super(adapter);
    }
  }

  @Nested
  class Origins extends OriginFailureCases {
    Origins() {
      super(adapter);
    }
  }

  @Nested
  class HostileOrigins extends HostileOriginCases {
    HostileOrigins() {
      super(adapter);
    }
  }

  @Nested
  class Tunnels extends TunnelCases {
    Tunnels() {
      super(adapter);
    }
  }

  @Nested
  class Headers extends HeaderCases {
    Headers() {
      super(adapter);
    }
  }

  @Nested
  class Handlers extends HandlerCases {
    Handlers() {
      super(adapter);
    }
  }

  @Nested
  class Pools extends PoolCases {
    Pools() {
      super(adapter);
    }
  }

  @Nested
  class Chains extends ChainCases {
    Chains() {
      super(adapter);
    }
  }

  @Nested
  class Tls extends TlsCases {
    Tls() {
      super(adapter);
    }
  }

  @Nested
  class Http2 extends Http2Cases {
    Http2() {
      super(adapter);
    }
  }

  @Nested
  class Http2Streams extends Http2StreamCases {
    Http2Streams() {
      super(adapter);
    }
  }

  @Nested
  class BrokenBackEnd extends BrokenBackEndCases {
    BrokenBackEnd() {
      super(adapter);
    }
  }

  @Nested
  class Trailers extends TrailerCases {
    Trailers() {
      super(adapter);
    }
  }

  @Nested
  class Grpc extends GrpcCases {
    Grpc() {
      super(adapter);
    }
  }

  @Nested
  class UpstreamHttp2 extends UpstreamHttp2Cases {
    UpstreamHttp2() {
      super(adapter);
    }
  }
}
