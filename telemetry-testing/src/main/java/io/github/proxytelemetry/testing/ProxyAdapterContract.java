package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.ProxyTelemetry;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Nested;

/**
 * What every proxy that tells {@link ProxyTelemetry} what it does has to tell, whatever it is built
 * on. It talks to the proxy over real sockets, as a client and as its origin, and compares what was
 * on the wire with what was told.
 *
 * <p>Extend it, start a proxy in {@link #startProxy}, and run it as any JUnit class. Each case gets
 * a proxy of its own.
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
   * @param telemetry what to tell; {@link ProxyTelemetry#noop()} in one of the cases
   * @param settings what the proxy has to know
   * @return the proxy, which listens
   * @throws Exception if it cannot be started
   */
  protected abstract ProxyUnderTest startProxy(ProxyTelemetry telemetry, ProxySettings settings)
      throws Exception;

  /**
   * What the host cannot do or show.
   *
   * @return the reason for each, which is reported with the cases that are skipped for it
   */
  protected Map<Capability, String> waived() {
    return Map.of();
  }

  /** How long a case waits for what it was not told yet; shorter where it is known to fail. */
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
  class UpstreamHttp2 extends UpstreamHttp2Cases {
    UpstreamHttp2() {
      super(adapter);
    }
  }
}
