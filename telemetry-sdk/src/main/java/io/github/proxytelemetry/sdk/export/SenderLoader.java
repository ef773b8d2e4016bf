package io.github.proxytelemetry.sdk.export;

import io.github.proxytelemetry.sdk.tls.ReloadingTls;
import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.GrpcResponse;
import io.opentelemetry.sdk.common.export.GrpcSender;
import io.opentelemetry.sdk.common.export.GrpcSenderConfig;
import io.opentelemetry.sdk.common.export.GrpcSenderProvider;
import io.opentelemetry.sdk.common.export.GrpcStatusCode;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.opentelemetry.sdk.common.export.HttpSender;
import io.opentelemetry.sdk.common.export.HttpSenderConfig;
import io.opentelemetry.sdk.common.export.HttpSenderProvider;
import io.opentelemetry.sdk.common.export.MessageWriter;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Component loader that gives an OTLP exporter our {@link OtlpSender}, and nothing else. */
final class SenderLoader implements ComponentLoader {
  private final OtlpSpec spec;
  private final @Nullable ReloadingTls tls;

  SenderLoader(OtlpSpec spec, @Nullable ReloadingTls tls) {
    this.spec = spec;
    this.tls = tls;
  }

  @Override
  public <T> Iterable<T> load(Class<T> type) {
    if (type == HttpSenderProvider.class) {
      return List.of(type.cast((HttpSenderProvider) this::http));
    }
    if (type == GrpcSenderProvider.class) {
      return List.of(type.cast((GrpcSenderProvider) this::grpc));
    }
    return List.of();
  }

  private HttpSender http(HttpSenderConfig config) {
    OtlpSender sender =
        new OtlpSender(spec, config.getEndpoint(), null, config.getHeadersSupplier(), tls);
    return new HttpSender() {
      @Override
      public void send(
          MessageWriter message, Consumer<HttpResponse> onResponse, Consumer<Throwable> onError) {
        sender.send(message);
        onResponse.accept(Accepted.INSTANCE);
      }

      @Override
      public CompletableResultCode shutdown() {
        return sender.close();
      }
    };
  }

  private GrpcSender grpc(GrpcSenderConfig config) {
    OtlpSender sender =
        new OtlpSender(
            spec,
            config.getEndpoint(),
            config.getFullMethodName(),
            config.getHeadersSupplier(),
            tls);
    return new GrpcSender() {
      @Override
      public void send(
          MessageWriter message, Consumer<GrpcResponse> onResponse, Consumer<Throwable> onError) {
        sender.send(message);
        onResponse.accept(AcceptedCall.INSTANCE);
      }

      @Override
      public CompletableResultCode shutdown() {
        return sender.close();
      }
    };
  }

  private enum Accepted implements HttpResponse {
    INSTANCE;

    @Override
    public int getStatusCode() {
      return 200;
    }

    @Override
    public String getStatusMessage() {
      return "";
    }

    @Override
    public byte[] getResponseBody() {
      return new byte[0];
    }
  }

  private enum AcceptedCall implements GrpcResponse {
    INSTANCE;

    @Override
    public GrpcStatusCode getStatusCode() {
      return GrpcStatusCode.OK;
    }

    @Override
    public String getStatusDescription() {
      return "";
    }

    @Override
    public byte[] getResponseMessage() {
      return new byte[0];
    }
  }
}
