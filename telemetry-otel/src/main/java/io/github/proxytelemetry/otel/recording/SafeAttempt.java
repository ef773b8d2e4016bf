package io.github.proxytelemetry.otel.recording;

import static io.github.proxytelemetry.Instrument.BYTES_SENT_TOTAL;

import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Scope;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.metrics.LabelValues;
import io.github.proxytelemetry.otel.metrics.LateCall;
import io.github.proxytelemetry.otel.tracing.AttemptTrace;
import org.jspecify.annotations.Nullable;

/**
 * Attempt as the host gets it: its calls catch what they throw, as those of {@link SafeExchange}
 * do.
 */
final class SafeAttempt extends Attempt {
  SafeAttempt(
      Exchange exchange,
      Upstream upstream,
      int number,
      @Nullable AttemptTrace trace,
      @Nullable AttemptLayers layers) {
    super(exchange, upstream, number, trace, layers);
  }

  @Override
  public void connectionAcquired(boolean reused) {
    try {
      super.connectionAcquired(reused);
    } catch (Throwable thrown) {
      exchange.recorder.failed(thrown);
    }
  }

  @Override
  public <C> void inject(C headers, HeaderAccess<C> access) {
    try {
      super.inject(headers, access);
    } catch (Throwable thrown) {
      exchange.recorder.failed(thrown);
    }
  }

  @Override
  public void requestStarted(RequestInfo request) {
    try {
      super.requestStarted(request);
    } catch (Throwable thrown) {
      exchange.recorder.failed(thrown);
    }
  }

  @Override
  public void requestBytes(long count) {
    if (count > 0 && !isOver()) {
      exchange.recorder.metrics.add(BYTES_SENT_TOTAL, 0, count);
      if (layers != null) {
        layers.requestBytes(count);
      }
    }
  }

  @Override
  public void protocolVersion(String version) {
    if ((trace == null && layers == null) || isOver()) {
      return;
    }
    int protocol = LabelValues.protocol(version);
    if (protocol == 0) {
      return;
    }
    if (trace != null) {
      trace.protocol(protocol);
    }
    if (layers != null) {
      layers.protocol(protocol);
    }
  }

  @Override
  public <C> void responseStarted(int status, C headers, HeaderAccess<C> access) {
    try {
      super.responseStarted(status, headers, access);
    } catch (Throwable thrown) {
      exchange.recorder.failed(thrown);
    }
  }

  @Override
  public <C> void requestTrailers(C trailers, HeaderAccess<C> access) {
    exchange.recorder.strip(trailers, access);
  }

  @Override
  public <C> void responseTrailers(C trailers, HeaderAccess<C> access) {
    try {
      if (!isOver()) {
        grpc(GrpcStatus.ofTrailers(grpc(), trailers, access));
      }
    } catch (Throwable thrown) {
      exchange.recorder.failed(thrown);
    }
  }

  @Override
  public <C> void responseReceived(int status, C headers, HeaderAccess<C> access, long count) {
    try {
      super.responseReceived(status, headers, access, count);
    } catch (Throwable thrown) {
      exchange.recorder.failed(thrown);
    }
  }

  @Override
  public void responseEnd() {
    end();
  }

  @Override
  public void end() {
    complete(0);
  }

  /**
   * Never late: a host that ends an attempt closes its channel, and an adapter cancels at a close.
   */
  @Override
  public void cancel() {
    if (!isOver()) {
      finish(LateCall.END, LabelValues.CANCELED, false, Fault.NONE, 0);
    }
  }

  @Override
  public void fail(Side side, ProxyError error, @Nullable Throwable cause) {
    if (error == ProxyError.CLIENT_ABORT) {
      cancel();
      return;
    }
    int outcome = Fault.isTimeout(error) ? LabelValues.TIMEOUT : LabelValues.FAILED;
    finish(LateCall.FAIL, outcome, side == Side.UPSTREAM, Fault.of(side, error), 0);
  }

  @Override
  public Scope activate() {
    try {
      return SafeScope.activate(exchange.recorder::failed, context());
    } catch (Throwable thrown) {
      exchange.recorder.failed(thrown);
      return SafeScope.NONE;
    }
  }
}
