package io.github.proxytelemetry.sdk.export;

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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Component loader that gives an OTLP exporter our {@link OtlpSender}, and nothing else. */
final class SenderLoader implements ComponentLoader {
  private final Factory senders;

  /** Sender of messages, blocking. */
  interface Sender {
    void send(MessageWriter message) throws IOException;

    default CompletableResultCode close() {
      return CompletableResultCode.ofSuccess();
    }
  }

  /** Factory of senders; the method is {@code null} for HTTP. */
  interface Factory {
    Sender create(
        URI endpoint, @Nullable String method, Supplier<Map<String, List<String>>> headers);
  }

  SenderLoader(Factory senders) {
    this.senders = senders;
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
    Sender sender = senders.create(config.getEndpoint(), null, config.getHeadersSupplier());
    return new HttpSender() {
      @Override
      public void send(
          MessageWriter message, Consumer<HttpResponse> onResponse, Consumer<Throwable> onError) {
        transmit(sender, message);
        onResponse.accept(Accepted.INSTANCE);
      }

      @Override
      public CompletableResultCode shutdown() {
        return sender.close();
      }
    };
  }

  private GrpcSender grpc(GrpcSenderConfig config) {
    Sender sender =
        senders.create(
            config.getEndpoint(), config.getFullMethodName(), config.getHeadersSupplier());
    return new GrpcSender() {
      @Override
      public void send(
          MessageWriter message, Consumer<GrpcResponse> onResponse, Consumer<Throwable> onError) {
        transmit(sender, message);
        onResponse.accept(AcceptedCall.INSTANCE);
      }

      @Override
      public CompletableResultCode shutdown() {
        return sender.close();
      }
    };
  }

  private static void transmit(Sender sender, MessageWriter message) {
    try {
      sender.send(message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
